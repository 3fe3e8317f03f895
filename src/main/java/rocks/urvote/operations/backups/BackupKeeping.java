package rocks.urvote.operations.backups;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import rocks.urvote.operations.BackupStanding;
import rocks.urvote.operations.Backups;
import rocks.urvote.operations.Chore;
import rocks.urvote.operations.Command;
import rocks.urvote.operations.Databases;

/// That there are backups to rely on.
public interface BackupKeeping {

    /// What `serve` does every day.
    static Chore daily(Databases databases, Backups settings, int hour, Clock clock) {
        return new DailyBackup(new BackUp(databases, settings, clock), hour);
    }

    /// What is kept, as far as it can be seen. Of a bucket no more manifests are fetched than it takes to find a proof.
    static BackupStanding standing(Backups settings) {
        boolean daily = settings.hour().isPresent();
        try (var store = BackupStore.of(settings)) {
            var now = Instant.now();
            var names = store.names();
            var newest = store.newest(now);
            var proved = newest;
            for (var name : names) {
                if (proved.isEmpty() || proved.get().proved()) {
                    break;
                }
                if (!BackupStore.isOfAnotherTime(name, now)) {
                    proved = Optional.of(store.kept(name));
                }
            }
            return new BackupStanding(
                    true,
                    names.size(),
                    newest.isPresent() ? store.size(newest.get().name()) : 0,
                    newest.map(Kept::createdAt),
                    proved.filter(Kept::proved).map(Kept::createdAt),
                    daily,
                    doubts(store, newest, daily, now));
        } catch (IOException | Command.Failed e) {
            return new BackupStanding(
                    false, 0, 0, Optional.empty(), Optional.empty(), daily, Optional.of(unseen(settings, e)));
        }
    }

    /// Why the backups that are kept are not to be relied on, in a sentence; empty where they are.
    static Optional<String> doubts(Backups settings) {
        return doubts(settings, Instant.now());
    }

    static Optional<String> doubts(Backups settings, Instant now) {
        try (var store = BackupStore.of(settings)) {
            return doubts(store, store.newest(now), settings.hour().isPresent(), now);
        } catch (IOException | Command.Failed e) {
            return Optional.of(unseen(settings, e));
        }
    }

    private static Optional<String> doubts(BackupStore store, Optional<Kept> newest, boolean daily, Instant now)
            throws IOException {
        if (newest.isEmpty()) {
            return Optional.of("none yet in %s; 'urvote backup' makes one".formatted(store));
        }
        var kept = newest.get();
        if (!kept.proved()) {
            return Optional.of("the newest, %s, is %s".formatted(kept.name(), ListBackups.proof(kept.manifest())));
        }
        if (daily && kept.createdAt().isBefore(now.minus(Duration.ofHours(26)))) {
            return Optional.of("the newest, %s, is older than a day; the log says why".formatted(kept.name()));
        }
        return store.names().stream()
                .filter(name -> BackupStore.isOfAnotherTime(name, now))
                .findFirst()
                .map(name ->
                        "%s is named by a day to come, so a clock was wrong when it was made, or is now; let this machine follow a time server (NTP), and move that backup elsewhere"
                                .formatted(name));
    }

    private static String unseen(Backups settings, Exception e) {
        return e instanceof IOException
                ? "the folder %s cannot be read: %s".formatted(settings.folder(), e)
                : String.valueOf(e.getMessage());
    }
}
