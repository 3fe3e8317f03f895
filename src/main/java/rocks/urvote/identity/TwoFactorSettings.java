package rocks.urvote.identity;

import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Who must show a second factor, and under which key the secrets of apps are kept.
@ConfigurationProperties("urvote")
record TwoFactorSettings(
        @DefaultValue("optional") String twoFactor,
        @Nullable String twoFactorKey) {

    boolean admins() {
        return !twoFactor.equals("optional");
    }

    boolean owners() {
        return twoFactor.equals("admins,owners");
    }

    Optional<byte[]> key() {
        return Optional.ofNullable(twoFactorKey).filter(key -> !key.isBlank()).map(Base64.getDecoder()::decode);
    }

    /// Without the key.
    @Override
    public String toString() {
        return "TwoFactorSettings[twoFactor=%s]".formatted(twoFactor);
    }
}
