package rocks.urvote.operations.backups;

import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A backup in its folder.
///
/// @param createdAt by its name
/// @param manifest  absent where it is missing or cannot be read, so that nothing is known of the backup
record Kept(Path file, Instant createdAt, @Nullable Manifest manifest) {

    String name() {
        return file.getFileName().toString();
    }

    boolean proved() {
        return manifest != null && manifest.proved();
    }
}
