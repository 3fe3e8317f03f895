package rocks.urvote.operations.backups;

import com.exceptionfactory.jagged.framework.stream.StandardDecryptingChannelFactory;
import com.exceptionfactory.jagged.framework.stream.StandardEncryptingChannelFactory;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaReaderFactory;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaWriterFactory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.util.List;
import rocks.urvote.operations.Command;

/// Files in age's form: who has the public key can write them, only who has the private one can read them. The program
/// `age` reads them as well: `age --decrypt -i key.txt urvote_….dump`.
final class Encryption {

    private Encryption() {}

    static void encrypt(Path plain, Path sealed, String recipient) throws IOException {
        try (var from = Files.newByteChannel(plain);
                var to = new StandardEncryptingChannelFactory()
                        .newEncryptingChannel(
                                Files.newByteChannel(sealed, StandardOpenOption.WRITE),
                                List.of(X25519RecipientStanzaWriterFactory.newRecipientStanzaWriter(recipient)))) {
            copy(from, to);
        } catch (GeneralSecurityException e) {
            throw new Command.Failed("URVOTE_BACKUP_RECIPIENT is no public key of age: " + e.getMessage(), e);
        }
    }

    /// @param identity the file with the private key, as `age-keygen` writes it
    static void decrypt(Path sealed, Path plain, Path identity) throws IOException {
        try (var from = new StandardDecryptingChannelFactory()
                        .newDecryptingChannel(
                                Files.newByteChannel(sealed),
                                List.of(X25519RecipientStanzaReaderFactory.newRecipientStanzaReader(key(identity))));
                var to = Files.newByteChannel(plain, StandardOpenOption.WRITE)) {
            copy(from, to);
        } catch (GeneralSecurityException e) {
            throw new Command.Failed(
                    "%s does not open with the key in %s: %s".formatted(sealed, identity, e.getMessage()), e);
        }
    }

    private static String key(Path identity) throws IOException {
        return Files.readAllLines(identity).stream()
                .map(String::strip)
                .filter(line -> line.startsWith("AGE-SECRET-KEY-1"))
                .findFirst()
                .orElseThrow(() -> new Command.Failed("There is no private key of age in %s".formatted(identity)));
    }

    private static void copy(ReadableByteChannel from, WritableByteChannel to) throws IOException {
        var buffer = ByteBuffer.allocate(1 << 16);
        while (from.read(buffer) >= 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                to.write(buffer);
            }
            buffer.clear();
        }
    }
}
