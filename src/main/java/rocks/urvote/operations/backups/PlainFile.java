package rocks.urvote.operations.backups;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import rocks.urvote.operations.Command;

/// A file of a backup to read from: the file itself, or a copy, fetched or decrypted, for as long as it is needed.
record PlainFile(Path path, boolean temporary) implements AutoCloseable {

    /// What a fetched file was before it was encrypted.
    ///
    /// @param where the backup is
    static PlainFile of(
            PlainFile fetched, String where, Manifest.Content content, @Nullable Path identity, Workbench workbench)
            throws IOException {
        if (content.recipient() == null) {
            return new PlainFile(fetched.path, false);
        }
        if (identity == null) {
            throw refused(where, content);
        }
        var plain = workbench.copy();
        try {
            Encryption.decrypt(fetched.path, plain, identity);
            return new PlainFile(plain, true);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(plain);
            throw e;
        }
    }

    static Command.Failed refused(String where, Manifest.Content content) {
        return new Command.Failed("%s is encrypted for %s: name the file of the private key with --identity"
                .formatted(where, content.recipient()));
    }

    @Override
    public void close() throws IOException {
        if (temporary) {
            Files.deleteIfExists(path);
        }
    }
}
