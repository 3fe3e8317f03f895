package rocks.urvote.operations.backups;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import rocks.urvote.operations.Command;

/// A file of a backup in plain form: the file itself, or one beside it with what it was before it was encrypted, for as
/// long as
/// it
/// is needed.
record PlainFile(Path path, boolean temporary) implements AutoCloseable {

    static PlainFile of(Path file, Manifest.Content content, @Nullable Path identity) throws IOException {
        if (content.recipient() == null) {
            return new PlainFile(file, false);
        }
        if (identity == null) {
            throw new Command.Failed("%s is encrypted for %s: name the file of the private key with --identity"
                    .formatted(file, content.recipient()));
        }
        var plain = BackupFolder.arriving(file);
        try {
            Encryption.decrypt(file, plain, identity);
            return new PlainFile(plain, true);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(plain);
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        if (temporary) {
            Files.deleteIfExists(path);
        }
    }
}
