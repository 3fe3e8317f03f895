package rocks.urvote.identity;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.UserId;

/// Keeps the secrets of apps under the operator's key (AES-256-GCM, bound to the account), or as they are where there
/// is none. The first byte says which.
@Component
final class SecretBox {

    private static final byte OPEN = 0;
    private static final byte CLOSED = 1;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final SecureRandom random = new SecureRandom();
    private final Optional<SecretKeySpec> key;

    SecretBox(TwoFactorSettings settings) {
        this.key = settings.key().map(bytes -> new SecretKeySpec(bytes, "AES"));
    }

    byte[] close(UserId user, byte[] secret) {
        if (key.isEmpty()) {
            return ByteBuffer.allocate(1 + secret.length).put(OPEN).put(secret).array();
        }
        var nonce = new byte[NONCE];
        random.nextBytes(nonce);
        var closed = cipher(Cipher.ENCRYPT_MODE, user, nonce, secret);
        return ByteBuffer.allocate(1 + NONCE + closed.length)
                .put(CLOSED)
                .put(nonce)
                .put(closed)
                .array();
    }

    byte[] open(UserId user, byte[] kept) {
        if (kept[0] == OPEN) {
            return Arrays.copyOfRange(kept, 1, kept.length);
        }
        return cipher(
                Cipher.DECRYPT_MODE,
                user,
                Arrays.copyOfRange(kept, 1, 1 + NONCE),
                Arrays.copyOfRange(kept, 1 + NONCE, kept.length));
    }

    private byte[] cipher(int mode, UserId user, byte[] nonce, byte[] text) {
        try {
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    mode,
                    key.orElseThrow(() -> new IllegalStateException(
                            "A second factor was kept under URVOTE_TWO_FACTOR_KEY, which is not set any more")),
                    new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD("user %d".formatted(user.value()).getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "The second factor of user %d was kept under another URVOTE_TWO_FACTOR_KEY".formatted(user.value()),
                    e);
        }
    }
}
