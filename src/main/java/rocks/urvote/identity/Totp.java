package rocks.urvote.identity;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import javax.crypto.spec.SecretKeySpec;

/// Codes that an app makes of a secret and the time: RFC 6238 with SHA-1, six digits and steps of 30 seconds, as every
/// app knows it.
final class Totp {

    private static final Duration STEP = Duration.ofSeconds(30);
    private static final int SECRET_BYTES = 20;
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final TimeBasedOneTimePasswordGenerator CODES = new TimeBasedOneTimePasswordGenerator(STEP, 6);

    private Totp() {}

    static byte[] secret() {
        var secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        return secret;
    }

    static String code(byte[] secret, Instant at) {
        try {
            return CODES.generateOneTimePasswordString(new SecretKeySpec(secret, "HmacSHA1"), at, Locale.ROOT);
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("Any bytes are a key for HMAC", e);
        }
    }

    /// The step whose code this is: of this one, the one before or the next, as clocks differ a little.
    static OptionalLong stepOf(byte[] secret, String code, Instant now) {
        long step = now.getEpochSecond() / STEP.toSeconds();
        for (long near : new long[] {step, step - 1, step + 1}) {
            if (Secrets.same(code(secret, Instant.ofEpochSecond(near * STEP.toSeconds())), code)) {
                return OptionalLong.of(near);
            }
        }
        return OptionalLong.empty();
    }

    /// What an app reads from the picture.
    static String uri(byte[] secret, String account) {
        return "otpauth://totp/UrVote:%s?secret=%s&issuer=UrVote&algorithm=SHA1&digits=6&period=30"
                .formatted(URLEncoder.encode(account, StandardCharsets.UTF_8).replace("+", "%20"), base32(secret));
    }

    /// RFC 4648, without padding.
    static String base32(byte[] bytes) {
        var text = new StringBuilder();
        int buffer = 0;
        int bits = 0;
        for (byte next : bytes) {
            buffer = (buffer << 8) | (next & 0xFF);
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                text.append(ALPHABET.charAt((buffer >> bits) & 31));
            }
            buffer &= (1 << bits) - 1;
        }
        if (bits > 0) {
            text.append(ALPHABET.charAt((buffer << (5 - bits)) & 31));
        }
        return text.toString();
    }
}
