package rocks.urvote.identity;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What of the settings is about accounts and their mail.
@ConfigurationProperties("urvote")
record IdentitySettings(
        @DefaultValue("./data") String dataDir,
        @DefaultValue("15m") Duration accessTokenAge,
        @DefaultValue("30d") Duration refreshTokenAge,
        @DefaultValue("5") int codesPerMailbox,
        @DefaultValue("600") int codesPerAddress,
        @Nullable String smtpUrl,
        @DefaultValue("UrVote <no-reply@localhost>") String mailFrom) {

    Path data(String name) {
        return Path.of(dataDir, name);
    }

    /// Without the mail server's password.
    @Override
    public String toString() {
        return "IdentitySettings[dataDir=%s]".formatted(dataDir);
    }
}
