package rocks.urvote.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import rocks.urvote.kernel.UserId;

class SecretBoxTests {

    private static final UserId ADA = new UserId(1);
    private static final byte[] SECRET = "a secret of twenty b".getBytes(UTF_8);

    private static SecretBox box(@Nullable String key) {
        return new SecretBox(new TwoFactorSettings("optional", key));
    }

    private static String key(int fill) {
        var bytes = new byte[32];
        java.util.Arrays.fill(bytes, (byte) fill);
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Test
    void keepsASecretUnderTheKey() {
        var kept = box(key(1)).close(ADA, SECRET);

        assertThat(new String(kept, UTF_8)).doesNotContain("secret");
        assertThat(box(key(1)).open(ADA, kept)).isEqualTo(SECRET);
    }

    @Test
    void opensItForNobodyElseAndUnderNoOtherKey() {
        var kept = box(key(1)).close(ADA, SECRET);

        assertThatThrownBy(() -> box(key(2)).open(ADA, kept)).hasMessageContaining("URVOTE_TWO_FACTOR_KEY");
        assertThatThrownBy(() -> box(key(1)).open(new UserId(2), kept)).hasMessageContaining("user 2");
        assertThatThrownBy(() -> box(null).open(ADA, kept)).hasMessageContaining("not set any more");
    }

    @Test
    void keepsItAsItIsWithoutAKeyAndStillReadsThatWithOne() {
        var kept = box(null).close(ADA, SECRET);

        assertThat(box(key(1)).open(ADA, kept)).isEqualTo(SECRET);
    }
}
