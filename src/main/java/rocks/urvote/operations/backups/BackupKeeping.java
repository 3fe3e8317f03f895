package rocks.urvote.operations.backups;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import rocks.urvote.operations.Backups;
import rocks.urvote.operations.Chore;
import rocks.urvote.operations.Command;
import rocks.urvote.operations.Databases;

/// That there are backups to rely on.
public interface BackupKeeping {

    /// What `serve` does every day, if an hour is set.
    static Optional<Chore> daily(Databases databases, Backups settings) {
        return settings.hour().map(hour -> new DailyBackup(new BackUp(databases, settings, Clock.systemUTC()), hour));
    }

    /// Why the backups that are kept are not to be relied on, in a sentence; empty where they are.
    static Optional<String> doubts(Backups settings) {
        return doubts(settings, Instant.now());
    }

    static Optional<String> doubts(Backups settings, Instant now) {
        try (var store = BackupStore.of(settings)) {
            var newest = store.newest();
            if (newest.isEmpty()) {
                return Optional.of("none yet in %s; 'urvote backup' makes one".formatted(store));
            }
            var kept = newest.get();
            if (!kept.proved()) {
                return Optional.of("the newest, %s, is %s".formatted(kept.name(), ListBackups.proof(kept.manifest())));
            }
            if (settings.hour().isPresent() && kept.createdAt().isBefore(now.minus(Duration.ofHours(26)))) {
                return Optional.of("the newest, %s, is older than a day; the log says why".formatted(kept.name()));
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("the folder %s cannot be read: %s".formatted(settings.folder(), e));
        } catch (Command.Failed e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
