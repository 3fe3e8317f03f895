package rocks.urvote.operations.backups;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A backup where backups are kept.
///
/// @param createdAt by its name
/// @param manifest  absent where it is missing or cannot be read, so that nothing is known of the backup
record Kept(String name, Instant createdAt, @Nullable Manifest manifest) {

    /// Whether it was made by a clock that ran ahead, or is looked at by one that is behind.
    static boolean isOfAnotherTime(Instant createdAt, Instant now) {
        return createdAt.isAfter(now.plus(Duration.ofDays(1)));
    }

    boolean isOfAnotherTime(Instant now) {
        return isOfAnotherTime(createdAt, now);
    }

    /// Whether a restore of it was tried and failed.
    boolean faulty() {
        return manifest != null && manifest.proof() != null && !manifest.proved();
    }

    boolean proved() {
        return manifest != null && manifest.proved();
    }
}
