package rocks.urvote.operations;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/// A password as PostgreSQL stores it (RFC 5803), made on this side, so that no log of the server ever sees the
/// password.
record ScramSecret(String text) {

    private static final int ROUNDS = 4096;

    /// Of a password in plain ASCII, salted anew each time.
    static ScramSecret of(String password) {
        var salt = new byte[16];
        new SecureRandom().nextBytes(salt);
        try {
            var salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(password.toCharArray(), salt, ROUNDS, 256))
                    .getEncoded();
            var stored = MessageDigest.getInstance("SHA-256").digest(hmac(salted, "Client Key"));
            return new ScramSecret("SCRAM-SHA-256$%d:%s$%s:%s"
                    .formatted(ROUNDS, base64(salt), base64(stored), base64(hmac(salted, "Server Key"))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has what SCRAM-SHA-256 needs", e);
        }
    }

    private static byte[] hmac(byte[] key, String message) throws GeneralSecurityException {
        var hmac = Mac.getInstance("HmacSHA256");
        hmac.init(new SecretKeySpec(key, "HmacSHA256"));
        return hmac.doFinal(message.getBytes(StandardCharsets.US_ASCII));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
