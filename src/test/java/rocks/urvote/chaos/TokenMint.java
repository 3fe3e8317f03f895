package rocks.urvote.chaos;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/// Signs access tokens as one more node of the same database would: its key's public half is a row of `signing_keys`.
/// So voters need no sign-in, and their tokens outlive every kill.
final class TokenMint {

    private static final int COORDINATE = 32;

    private final KeyPair pair;
    private final String keyId = "chaos-" + UUID.randomUUID();

    TokenMint() {
        try {
            var keys = KeyPairGenerator.getInstance("EC");
            keys.initialize(new ECGenParameterSpec("secp256r1"));
            pair = keys.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java makes keys on P-256", e);
        }
    }

    String keyId() {
        return keyId;
    }

    String publicJwk() {
        var point = ((ECPublicKey) pair.getPublic()).getW();
        return """
            {"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "%s", "x": "%s", "y": "%s"}\
            """.formatted(
                        keyId,
                        coordinate(point.getAffineX().toByteArray()),
                        coordinate(point.getAffineY().toByteArray()));
    }

    String token(long user) {
        var now = Instant.now().getEpochSecond();
        var head = encode("""
            {"alg":"ES256","typ":"JWT","kid":"%s"}\
            """.formatted(keyId));
        var claims = encode("""
            {"iss":"urvote","sub":"%d","sid":"%s","preferred_username":"chaos-%d","email_verified":true,"admin":false,\
            "account_since":%d,"email_domain_class":"other","jti":"%s","iat":%d,"exp":%d}\
            """.formatted(user, UUID.randomUUID(), user, now, UUID.randomUUID(), now, now + 86_400));
        try {
            var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(pair.getPrivate());
            signature.update((head + "." + claims).getBytes(StandardCharsets.US_ASCII));
            return head + "." + claims + "." + encode(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The key does not sign", e);
        }
    }

    private static String encode(String text) {
        return encode(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// Exactly 32 bytes, whatever zeros `BigInteger` adds or leaves out.
    private static String coordinate(byte[] number) {
        var bytes = new byte[COORDINATE];
        int length = Math.min(number.length, COORDINATE);
        System.arraycopy(number, number.length - length, bytes, COORDINATE - length, length);
        return encode(bytes);
    }
}
