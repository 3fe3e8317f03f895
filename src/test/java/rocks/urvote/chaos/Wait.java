package rocks.urvote.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;

/// Waits for what comes soon; the harness also runs without the libraries of the tests.
final class Wait {

    private static final long LOOK_EVERY = 20;

    private Wait() {}

    static void until(String what, Duration atMost, Callable<Boolean> holds) {
        var end = Instant.now().plus(atMost);
        while (!look(holds)) {
            if (Instant.now().isAfter(end)) {
                throw new IllegalStateException("Waited %s in vain until: %s".formatted(atMost, what));
            }
            pause(Duration.ofMillis(LOOK_EVERY));
        }
    }

    static void pause(Duration length) {
        try {
            Thread.sleep(length);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting", e);
        }
    }

    private static boolean look(Callable<Boolean> holds) {
        try {
            return holds.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            return false;
        }
    }
}
