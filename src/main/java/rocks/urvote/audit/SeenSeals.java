package rocks.urvote.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;
import rocks.urvote.audit.Seals.Head;

/// The newest seal of each service that this machine has seen, in a file beside the database: who writes the chain anew
/// in the database, or cuts off its end, would have to get at this machine's disk as well.
final class SeenSeals {

    private final Path file;

    SeenSeals(Path dataDir) {
        this.file = dataDir.resolve("audit-seals.properties");
    }

    Optional<Head> of(String service) {
        var digest = read().getProperty(service + ".digest");
        var no = read().getProperty(service + ".no");
        return digest == null || no == null ? Optional.empty() : Optional.of(new Head(Long.parseLong(no), digest));
    }

    /// Which of them the database does not have any more, as sentences.
    List<String> faults(Function<String, Seals> seals) {
        var faults = new ArrayList<String>();
        for (var service : Log.SERVICES) {
            of(service)
                    .filter(seen -> !seals.apply(service).has(seen))
                    .ifPresent(seen -> faults.add(
                            "%s: seal %d of the log, which this machine saw, is gone or another one; 'urvote audit verify --accept' where a restored backup is the reason"
                                    .formatted(service, seen.no())));
        }
        return faults;
    }

    void remember(Function<String, Seals> seals) {
        var seen = new Properties();
        for (var service : Log.SERVICES) {
            seals.apply(service).head().ifPresent(head -> {
                seen.setProperty(service + ".no", Long.toString(head.no()));
                seen.setProperty(service + ".digest", head.digest());
            });
        }
        try {
            var fresh = Files.createTempFile(file.getParent(), ".audit-seals", ".tmp");
            try (var out = Files.newBufferedWriter(fresh)) {
                seen.store(out, "The newest seals of the audit log that this machine saw. Written by UrVote.");
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Properties read() {
        var seen = new Properties();
        try (var in = Files.newBufferedReader(file)) {
            seen.load(in);
        } catch (NoSuchFileException e) {
            return seen;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return seen;
    }
}
