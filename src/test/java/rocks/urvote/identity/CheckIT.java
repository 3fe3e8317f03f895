package rocks.urvote.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rocks.urvote.identity.Mailbox.Mail;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.operations.Program;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;

/// What `urvote check` says of people and mails, beside a UrVote that serves.
class CheckIT {

    @TempDir
    Path folder;

    @Test
    void saysWhoHasNoSecondFactorAndThatMailsWait() {
        var settings =
                new HashMap<>(Map.of("URVOTE_TWO_FACTOR", "admins,owners", "URVOTE_SMTP_URL", "smtp://127.0.0.1:1"));
        try (var urvote = RunningUrVote.start(settings)) {
            settings.put("URVOTE_DATABASE_URL", urvote.databaseUrl());
            settings.put("URVOTE_DATA_DIR", urvote.dataDir().toString());
            settings.put(
                    "URVOTE_MANAGEMENT_PORT",
                    Integer.toString(urvote.management().getPort()));
            assertThat(check(settings))
                    .contains(
                            "ok   mails: 0 wait, none was given up",
                            "ok   two-factor: each of 0 admins has",
                            "ok   two-factor: each of 0 owners has");

            // It brings an admin and an owner with it.
            var _ = new Stage(urvote);
            urvote.bean(Mailbox.class).send(new Mail(new EmailAddress("ada@example.org"), "Hello", "Hello\n"));

            await().untilAsserted(() -> assertThat(check(settings))
                    .containsPattern("warn mails: [1-9][0-9]* wait, [1-9][0-9]* of them failed and are tried again"));
            assertThat(check(settings))
                    .contains(
                            "warn two-factor: 1 of 1 admins have no second factor",
                            "warn two-factor: 1 of 1 owners have no second factor");

            settings.put("URVOTE_TWO_FACTOR", "optional");
            settings.put("URVOTE_MANAGEMENT_PORT", "1");
            assertThat(check(settings))
                    .contains("ok   mails: no UrVote tells of any at port 1 of this machine")
                    .doesNotContain("two-factor");
        }
    }

    private String check(Map<String, String> settings) {
        var out = new StringWriter();
        var printer = new PrintWriter(out, true);
        try {
            int _ = Program.run(Class.forName("rocks.urvote.UrVote"), settings, folder, printer, printer, "check");
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("The program is rocks.urvote.UrVote", e);
        }
        return out.toString();
    }
}
