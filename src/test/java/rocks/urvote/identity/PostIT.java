package rocks.urvote.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import rocks.urvote.identity.Mailbox.Mail;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.testkit.UnwillingMailServer;
import rocks.urvote.web.WebSettings;

@ExtendWith(OutputCaptureExtension.class)
class PostIT {

    private static final EmailAddress ADA = new EmailAddress("ada@example.org");
    private static final String FROM = "Grüße von UrVote <no-reply@vote.example.org>";

    private final GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    private final Letters letters = new Letters(
            new WebSettings(URI.create("https://vote.example.org"), List.of(), 10, 10, Duration.ofSeconds(20), false));

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void bringsAMailToAServerThatAsksWhoWeAre() throws Exception {
        server.withConfiguration(com.icegreen.greenmail.configuration.GreenMailConfiguration.aConfig()
                .withUser("post@example.org", "post", "p@ss/w:rd"));
        server.start();

        post("smtp://post:p%40ss%2Fw%3Ard@127.0.0.1:" + server.getSmtp().getPort())
                .send(new Mail(ADA, "Für dich", "Ein schöner Gruß\n"));

        await().until(() -> server.getReceivedMessages().length == 1);
        var mail = server.getReceivedMessages()[0];
        assertThat(mail.getSubject()).isEqualTo("Für dich");
        assertThat(mail.getAllRecipients()).hasSize(1);
        assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(mail.getContentType()).startsWith("text/plain").containsIgnoringCase("utf-8");
        assertThat(mail.getContent().toString()).isEqualToIgnoringNewLines("Ein schöner Gruß\n");
        assertThat(mail.getMessageID()).endsWith("@vote.example.org>");
        assertThat(GreenMailUtil.getHeaders(mail)).contains("Date: ", "no-reply@vote.example.org");
    }

    @Test
    void triesAgainWhenTheServerIsBackAfterAMoment() {
        server.start();
        var port = server.getSmtp().getPort();
        server.stop();
        var back = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        try {
            post("smtp://127.0.0.1:" + port).send(new Mail(ADA, "Hello", "Hello\n"));
            back.start();

            await().atMost(Duration.ofSeconds(20)).until(() -> back.getReceivedMessages().length == 1);
        } finally {
            back.stop();
        }
    }

    @Test
    void givesUpAtOnceWhatTheServerWillNeverTake(CapturedOutput said) {
        try (var server = UnwillingMailServer.at(0, "550 5.1.1 <recluse@example.org>: nobody here")) {
            var post = post("smtp://127.0.0.1:" + server.port());

            post.send(new Mail(new EmailAddress("recluse@example.org"), "Hello", "Hello\n"));

            await().untilAsserted(() -> assertThat(post.waiting())
                    .singleElement()
                    .satisfies(mail -> {
                        assertThat(mail.tries()).isEqualTo(1);
                        assertThat(mail.next()).isNull();
                        assertThat(mail.lastFailure()).contains("refuses the address for good");
                    }));
            assertThat(said.getAll())
                    .contains("A mail was given up after 1 tries")
                    .doesNotContain("recluse@example.org");
        }
    }

    @Test
    void triesAgainWhatTheServerDoesNotTakeNow(CapturedOutput said) {
        try (var server = UnwillingMailServer.at(0, "450 4.2.0 <recluse@example.org>: greylisted")) {
            var post = post("smtp://127.0.0.1:" + server.port());

            post.send(new Mail(new EmailAddress("recluse@example.org"), "Hello", "Hello\n"));

            await().untilAsserted(() -> assertThat(post.waiting())
                    .singleElement()
                    .satisfies(mail -> {
                        assertThat(mail.tries()).isGreaterThan(1);
                        assertThat(mail.next()).isNotNull();
                    }));
            assertThat(said.getAll()).contains("is tried again in").doesNotContain("recluse@example.org");
        }
    }

    @Test
    void writesCodesInWhichNothingElseLooksLikeACode() throws Exception {
        var post = new Post(new Outbox(folder, "UrVote <no-reply@localhost>"), new SimpleMeterRegistry());
        for (int i = 0; i < 200; i++) {
            post.send(letters.code(ADA, "012345"));
        }

        await().until(() -> mails().size() == 200);
        for (var mail : mails()) {
            assertThat(Pattern.compile("(?<![0-9])[0-9]{6}(?![0-9])")
                            .matcher(mail)
                            .results())
                    .as(mail)
                    .hasSize(1);
            assertThat(mail).contains("\r\n012345\r\n").contains("Content-Type: text/plain");
        }
        try (var files = Files.list(folder)) {
            assertThat(files).allMatch(file -> file.toString().endsWith(".eml"));
        }
    }

    @Test
    void namesMailsInTheOrderInWhichTheyWereWritten() throws Exception {
        var outbox = new Outbox(folder, "UrVote <no-reply@localhost>");
        for (var subject : List.of("first", "second", "third")) {
            outbox.carry(new Mail(ADA, subject, "x"));
        }

        assertThat(mails())
                .extracting(mail -> mail.replaceAll("(?s).*Subject: (\\w+).*", "$1"))
                .containsExactly("first", "second", "third");
    }

    @Test
    void letsNobodyWriteHeaders() throws Exception {
        new Outbox(folder, "UrVote <no-reply@localhost>")
                .carry(new Mail(
                        ADA, "A song\r\nBcc: eve@example.org\u2028X: y", "text\r\n\r\nBcc: in the body is text\n"));

        var headers = mails().getFirst().split("\r\n\r\n", 2)[0];

        assertThat(headers.lines()).noneMatch(line -> line.startsWith("Bcc") || line.startsWith("X:"));
    }

    private Post post(String url) {
        return new Post(new SmtpServer(url, FROM), new SimpleMeterRegistry());
    }

    private List<String> mails() throws java.io.IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".eml"))
                    .sorted()
                    .map(file -> {
                        try {
                            return Files.readString(file);
                        } catch (java.io.IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    })
                    .toList();
        }
    }
}
