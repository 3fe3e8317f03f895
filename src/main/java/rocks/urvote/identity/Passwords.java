package rocks.urvote.identity;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.stereotype.Component;
import rocks.urvote.web.Problem;

/// Hashes passwords with Argon2id: 19 MiB, two passes, one lane. Only so many at once as there are processors, so that
/// neither memory nor time runs away.
@Component
final class Passwords {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Argon2PasswordEncoder argon2 = new Argon2PasswordEncoder(16, 32, 1, 19 * 1024, 2);
    private final Semaphore places = new Semaphore(Runtime.getRuntime().availableProcessors(), true);
    private final String nobodys = hashed(Secrets.token());

    String hash(Password password) {
        return inTurn(() -> hashed(password.value()));
    }

    /// Costs the same whether there is a hash to compare with or not.
    boolean matches(Password password, @Nullable String hash) {
        var right = inTurn(() -> argon2.matches(password.value(), hash == null ? nobodys : hash));
        return right && hash != null;
    }

    private String hashed(String password) {
        var hash = argon2.encode(password);
        if (hash == null) {
            throw new IllegalStateException("Argon2 gave no hash");
        }
        return hash;
    }

    private <T> T inTurn(Supplier<T> work) {
        try {
            if (!places.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw Problem.busy(PATIENCE).raised();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.busy(PATIENCE).raised();
        }
        try {
            return work.get();
        } finally {
            places.release();
        }
    }
}
