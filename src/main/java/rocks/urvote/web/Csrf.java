package rocks.urvote.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.UUID;
import rocks.urvote.kernel.Digest;

/// The proof that a form came from one of our own pages: derived from the session's id, which no other site can read.
final class Csrf {

    private Csrf() {}

    static String token(UUID session) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Digest.sha256("urvote csrf " + session));
    }

    static boolean matches(UUID session, String shown) {
        return MessageDigest.isEqual(
                token(session).getBytes(StandardCharsets.UTF_8), shown.getBytes(StandardCharsets.UTF_8));
    }
}
