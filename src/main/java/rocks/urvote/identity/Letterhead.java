package rocks.urvote.identity;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import rocks.urvote.identity.Mailbox.Mail;

/// What stands around every mail: from whom, when, which one, and that a program wrote it. None of it has a number that
/// could be taken for a code.
final class Letterhead {

    private final InternetAddress from;

    Letterhead(String from) {
        try {
            var address = new InternetAddress(from, true);
            if (address.getPersonal() != null) {
                address.setPersonal(address.getPersonal(), StandardCharsets.UTF_8.name());
            }
            this.from = address;
        } catch (AddressException | java.io.UnsupportedEncodingException e) {
            throw new IllegalArgumentException(
                    "URVOTE_MAIL_FROM must be an address, or a name with one: UrVote <no-reply@example.org>", e);
        }
    }

    /// The message; text that is not ASCII in the encoding its way takes.
    MimeMessage message(Session session, Mail mail, String encoding) throws MessagingException {
        var id = "<%s@%s>".formatted(Secrets.mark(), domain());
        var message = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", id);
            }
        };
        message.setFrom(from);
        message.setRecipient(
                Message.RecipientType.TO, new InternetAddress(mail.to().value(), true));
        message.setSubject(mail.subject(), StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(Instant.now()));
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setText(mail.text().replaceAll("\\R", "\r\n"), StandardCharsets.UTF_8.name(), "plain");
        message.setHeader(
                "Content-Transfer-Encoding",
                StandardCharsets.US_ASCII.newEncoder().canEncode(mail.text()) ? "7bit" : encoding);
        message.saveChanges();
        return message;
    }

    private String domain() {
        var address = from.getAddress();
        return address.substring(address.lastIndexOf('@') + 1);
    }
}
