package rocks.urvote.operations.backups;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/// A folder of the machine's own for what must not lie where backups are kept: dumps on their way to a bucket
/// or not yet encrypted, and what was fetched or decrypted, for as long as it is needed. Its files are for the
/// user's eyes only.
record Workbench(Path folder) {

    private static final Duration NOBODY_READS_SO_LONG = Duration.ofDays(2);

    Path arriving(String name) throws IOException {
        BackupFolder.make(folder);
        return BackupFolder.arriving(folder.resolve(name));
    }

    /// For a copy of its own, as a backup may be made and another one read at the same time.
    Path copy() throws IOException {
        return arriving("urvote_%s.copy".formatted(UUID.randomUUID()));
    }

    /// What was left behind. Only while no backup is under way.
    void sweep(Instant now) throws IOException {
        try (var files = Files.newDirectoryStream(folder, ".urvote_*.arriving")) {
            for (var file : files) {
                boolean copy = file.toString().endsWith(".copy.arriving");
                if (!copy || Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(NOBODY_READS_SO_LONG))) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (NoSuchFileException e) {
            return;
        }
    }
}
