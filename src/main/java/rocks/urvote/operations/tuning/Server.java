package rocks.urvote.operations.tuning;

import java.util.List;

/// The PostgreSQL that is tuned.
///
/// @param major      its version
/// @param lz4        it can compress with lz4
/// @param statements pg_stat_statements is installed beside it
/// @param preloaded  the libraries it loads already
public record Server(int major, boolean lz4, boolean statements, List<String> preloaded) {

    public Server {
        preloaded = List.copyOf(preloaded);
    }

    /// One that was not asked: the least of what UrVote knows.
    public static Server unknown() {
        return new Server(15, false, false, List.of());
    }
}
