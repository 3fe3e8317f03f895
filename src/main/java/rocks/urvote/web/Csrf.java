package rocks.urvote.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.UUID;

/// The proof that a form came from one of our own pages: derived from the session's id, which no other site can read.
final class Csrf {

    private Csrf() {}

    static String token(UUID session) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            var hash = digest.digest(("urvote csrf " + session).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    static boolean matches(UUID session, String shown) {
        return MessageDigest.isEqual(
                token(session).getBytes(StandardCharsets.UTF_8), shown.getBytes(StandardCharsets.UTF_8));
    }
}
