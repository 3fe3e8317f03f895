package rocks.urvote.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TotpTests {

    /// Appendix B of RFC 6238, the last six digits.
    private static final Map<Long, String> VECTORS = Map.of(
            59L, "287082",
            1111111109L, "081804",
            1111111111L, "050471",
            1234567890L, "005924",
            2000000000L, "279037",
            20000000000L, "353130");

    private static final byte[] SECRET = "12345678901234567890".getBytes(UTF_8);

    @Test
    void makesTheCodesOfTheStandard() {
        VECTORS.forEach((seconds, code) ->
                assertThat(Totp.code(SECRET, Instant.ofEpochSecond(seconds))).isEqualTo(code));
    }

    @Test
    void takesTheCodesBesideThePresentOneAndNoOthers() {
        var now = Instant.ofEpochSecond(1_800_000_000);
        long step = now.getEpochSecond() / 30;

        for (var away = -1; away <= 1; away++) {
            assertThat(Totp.stepOf(SECRET, Totp.code(SECRET, now.plusSeconds(30L * away)), now))
                    .hasValue(step + away);
        }
        assertThat(Totp.stepOf(SECRET, Totp.code(SECRET, now.plusSeconds(60)), now))
                .isEmpty();
        assertThat(Totp.stepOf(SECRET, Totp.code(SECRET, now.minusSeconds(60)), now))
                .isEmpty();
    }

    @Test
    void writesSecretsAsAppsReadThem() {
        assertThat(Totp.base32("foobar".getBytes(UTF_8))).isEqualTo("MZXW6YTBOI");
        assertThat(Totp.base32(SECRET)).isEqualTo("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assertThat(Totp.uri(SECRET, "ada+1@example.org"))
                .startsWith("otpauth://totp/UrVote:ada%2B1%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&");
    }
}
