package rocks.urvote.operations.backups;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A backup where backups are kept.
///
/// @param createdAt by its name
/// @param manifest  absent where it is missing or cannot be read, so that nothing is known of the backup
record Kept(String name, Instant createdAt, @Nullable Manifest manifest) {

    boolean proved() {
        return manifest != null && manifest.proved();
    }
}
