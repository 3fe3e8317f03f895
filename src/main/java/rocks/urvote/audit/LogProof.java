package rocks.urvote.audit;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import rocks.urvote.operations.Inspection;
import rocks.urvote.operations.Proof;

/// The log is as it was when it was sealed: of each restored backup, and in `urvote check`.
final class LogProof implements Proof, Inspection {

    @Override
    public List<String> faults(Connection connection) {
        return Log.SERVICES.stream()
                .flatMap(service -> Seals.on(connection, service).faults().stream())
                .toList();
    }

    @Override
    public List<Finding> look(Connection connection, Path dataDir, Map<String, Object> settings) {
        var faults = new ArrayList<>(faults(connection));
        faults.addAll(new SeenSeals(dataDir).faults(service -> Seals.on(connection, service)));
        if (faults.isEmpty()) {
            long lines = Log.SERVICES.stream()
                    .mapToLong(service -> Seals.on(connection, service).extent().lines())
                    .sum();
            return List.of(
                    Finding.fine("audit log: %,d lines are as they were when they were sealed".formatted(lines)));
        }
        return faults.stream()
                .map(fault -> Finding.doubtful("audit log: %s; find out who was at the database".formatted(fault)))
                .toList();
    }
}
