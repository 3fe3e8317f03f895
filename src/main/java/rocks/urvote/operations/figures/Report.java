package rocks.urvote.operations.figures;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import rocks.urvote.operations.BackupStanding;

/// All figures of one look.
///
/// @param outboxes      by schema
/// @param missingMonths how many of those that votes may come to have no partition
public record Report(
        Sizes sizes,
        List<Volume> volumes,
        Activity activity,
        Statements statements,
        Map<String, Outbox> outboxes,
        int missingMonths,
        Optional<Replica> replica,
        BackupStanding backups) {

    public Report {
        volumes = List.copyOf(volumes);
        outboxes = new TreeMap<>(outboxes);
    }

    public List<Finding> findings() {
        return Finding.of(this);
    }

    /// Facts of one service that somebody has still to hear of.
    public record Outbox(long waiting, double oldestSeconds) {}
}
