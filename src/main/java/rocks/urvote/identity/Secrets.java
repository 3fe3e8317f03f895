package rocks.urvote.identity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import rocks.urvote.kernel.Digest;

/// Random words nobody can guess, and the one-way forms in which the database keeps them.
final class Secrets {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String WRITTEN = "abcdefghijkmnpqrstuvwxyz23456789";
    private static final String CONSONANTS = "bcdfghjkmnpqrstvwxz";

    private Secrets() {}

    static byte[] bytes() {
        var bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /// 256 bits as text, for a token that programs carry.
    static String token() {
        return text(bytes());
    }

    /// 262 bits in letters only, for a link in a mail: digits there would look like a code.
    static String link() {
        return letters(LETTERS, 46);
    }

    static String code() {
        return "%06d".formatted(RANDOM.nextInt(1_000_000));
    }

    /// A user name that tells nothing of the address.
    static String username() {
        return "voter-" + letters(CONSONANTS, 8);
    }

    /// A word without digits, to tell things apart.
    static String mark() {
        return letters(CONSONANTS, 12);
    }

    /// 80 bits in letters and digits that nobody confuses, in four groups, for a person to write down.
    static String recoveryCode() {
        var code = new StringBuilder(letters(WRITTEN, 16));
        return code.insert(12, '-').insert(8, '-').insert(4, '-').toString();
    }

    /// The form in which a random token is kept.
    static String hash(String token) {
        return Digest.sha256Hex(token);
    }

    static byte[] hmac(byte[] key, String text) {
        try {
            var hmac = Mac.getInstance("HmacSHA256");
            hmac.init(new SecretKeySpec(key, "HmacSHA256"));
            return hmac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has HMAC-SHA256", e);
        }
    }

    static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// Compares without telling by its time how much was right.
    static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private static String letters(String alphabet, int count) {
        var word = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            word.append(alphabet.charAt(RANDOM.nextInt(alphabet.length())));
        }
        return word.toString();
    }
}
