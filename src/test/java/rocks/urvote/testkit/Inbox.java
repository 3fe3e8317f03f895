package rocks.urvote.testkit;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// The mails written to an outbox, oldest first, as a person with a shell sees them.
public record Inbox(Path outbox) {

    private static final Pattern CODE = Pattern.compile("\\b[0-9]{6}\\b");
    private static final Pattern LINK = Pattern.compile("(?:token=|/reset/)([A-Za-z0-9_-]+)");

    /// Where a running UrVote without a mail server leaves its mails.
    public static Inbox of(RunningUrVote urvote) {
        return new Inbox(urvote.dataDir().resolve("outbox"));
    }

    public List<String> to(String address) {
        if (!Files.isDirectory(outbox)) {
            return List.of();
        }
        try (var files = Files.list(outbox)) {
            return files.filter(file -> file.toString().endsWith(".eml"))
                    .sorted()
                    .map(Inbox::text)
                    .filter(mail -> mail.contains("\r\nTo: " + address + "\r\n"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The newest of so many.
    public String mail(String address, int count) {
        await().until(() -> to(address).size() >= count);
        return to(address).get(count - 1);
    }

    public String code(String address, int count) {
        var found = CODE.matcher(mail(address, count)).results().toList();
        if (found.size() != 1) {
            throw new AssertionError("%d numbers of six digits in %s".formatted(found.size(), mail(address, count)));
        }
        return found.getFirst().group();
    }

    public String link(String address, int count) {
        var link = LINK.matcher(mail(address, count));
        if (!link.find()) {
            throw new AssertionError("No link in " + mail(address, count));
        }
        return link.group(1);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
