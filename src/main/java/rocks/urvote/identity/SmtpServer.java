package rocks.urvote.identity;

import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Properties;
import org.springframework.mail.MailSendException;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import rocks.urvote.identity.Mailbox.Mail;

/// A mail server, `smtp://user:password@host:port`. Speaks TLS from the first byte to `smtps`, and as soon as the
/// server offers it to `smtp`.
final class SmtpServer implements Carrier {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final JavaMailSenderImpl sender = new JavaMailSenderImpl();
    private final Letterhead letterhead;

    SmtpServer(String url, String from) {
        this.letterhead = new Letterhead(from);
        var uri = URI.create(url);
        var protocol = uri.getScheme();
        var implicitTls = protocol.equals("smtps");
        sender.setProtocol(protocol);
        sender.setHost(uri.getHost());
        sender.setPort(uri.getPort() >= 0 ? uri.getPort() : implicitTls ? 465 : 587);
        var login = uri.getRawUserInfo();
        var properties = new Properties();
        if (login != null) {
            var colon = login.indexOf(':');
            sender.setUsername(decoded(colon < 0 ? login : login.substring(0, colon)));
            sender.setPassword(colon < 0 ? "" : decoded(login.substring(colon + 1)));
            properties.setProperty("mail.%s.auth".formatted(protocol), "true");
        }
        for (var step : new String[] {"connectiontimeout", "timeout", "writetimeout"}) {
            properties.setProperty("mail.%s.%s".formatted(protocol, step), Long.toString(PATIENCE.toMillis()));
        }
        properties.setProperty("mail.%s.ssl.checkserveridentity".formatted(protocol), "true");
        properties.setProperty("mail.smtp.starttls.enable", "true");
        properties.setProperty("mail.%s.localhost".formatted(protocol), "localhost");
        sender.setJavaMailProperties(properties);
    }

    @Override
    public void carry(Mail mail) throws MessagingException, Refused {
        try {
            sender.send(letterhead.message(sender.getSession(), mail, "quoted-printable"));
        } catch (MailSendException e) {
            if (Arrays.stream(e.getMessageExceptions()).anyMatch(SmtpServer::refusesTheAddress)) {
                throw new Refused(e);
            }
            throw e;
        }
    }

    /// By a 5xx of the server; an address that is refused for now (4xx) is a valid one that nothing was sent to.
    private static boolean refusesTheAddress(Exception failure) {
        return failure instanceof SendFailedException unsent
                && unsent.getInvalidAddresses() != null
                && unsent.getInvalidAddresses().length > 0;
    }

    /// Percent signs only: a plus is a plus.
    private static String decoded(String text) {
        return java.net.URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
