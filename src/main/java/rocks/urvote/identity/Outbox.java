package rocks.urvote.identity;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import rocks.urvote.identity.Mailbox.Mail;

/// Where there is no mail server: each mail is a file, named so that the newest comes last.
final class Outbox implements Carrier {

    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.nnnnnnnnn'Z'").withZone(ZoneOffset.UTC);

    private final Path folder;
    private final Letterhead letterhead;
    private final Session session = Session.getInstance(new Properties());
    private final AtomicReference<Instant> last = new AtomicReference<>(Instant.EPOCH);

    Outbox(Path folder, String from) {
        this.folder = folder;
        this.letterhead = new Letterhead(from);
    }

    @Override
    public void carry(Mail mail) throws MessagingException, IOException {
        var bytes = new ByteArrayOutputStream();
        letterhead.message(session, mail, "8bit").writeTo(bytes);
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var name = "%s-%s".formatted(NAME.format(moment()), Secrets.mark());
        var fresh = folder.resolve("." + name + ".tmp");
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(fresh, bytes.toByteArray());
        Files.move(fresh, folder.resolve(name + ".eml"), StandardCopyOption.ATOMIC_MOVE);
    }

    /// Now, and later than the mail before.
    private Instant moment() {
        return last.updateAndGet(before -> {
            var now = Instant.now();
            return now.isAfter(before) ? now : before.plusNanos(1);
        });
    }
}
