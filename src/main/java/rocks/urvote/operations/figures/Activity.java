package rocks.urvote.operations.figures;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What goes on in the database at this moment.
///
/// @param connections        to the whole server, by what they do: `active`, `idle`, `idle in transaction`; what this
///                           login may not see is `other`
/// @param room               for how many there is room
/// @param longestTransaction of those this login may see
/// @param transactionIds     spent since the oldest row that is not frozen; PostgreSQL stops at two billion
/// @param replicas           that follow this server
/// @param clockBehind        what this machine's clock is behind the database's, or with a minus ahead of it
public record Activity(
        Map<String, Integer> connections,
        int room,
        Duration longestTransaction,
        long transactionIds,
        int replicas,
        long deadlocks,
        List<Waiting> waiting,
        Duration clockBehind) {

    public Activity {
        connections = new TreeMap<>(connections);
        waiting = List.copyOf(waiting);
    }

    /// A session that cannot go on before another one ends.
    ///
    /// @param statement as far as this login may see it, constants included: for the operator's eyes
    public record Waiting(int process, String who, Duration waits, List<Integer> behind, String statement) {

        public Waiting {
            behind = List.copyOf(behind);
        }
    }

    public int used() {
        return connections.values().stream().mapToInt(Integer::intValue).sum();
    }

    public Duration longestWait() {
        return waiting.stream().map(Waiting::waits).max(Duration::compareTo).orElse(Duration.ZERO);
    }
}
