package rocks.urvote.operations.tuning;

/// What comes to the database: connections of each of UrVote's nodes.
public record Needs(int nodes, int pool, int writers) {

    /// Besides the pool and the writers, a node listens with one and makes sure with another; commands, backups, and
    /// people who look need some, and PostgreSQL keeps three for its superuser.
    int connections() {
        return nodes * (pool + writers + 2) + 15;
    }
}
