package rocks.urvote.identity;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Answers after a fixed time, so that the time does not tell what was found.
final class Evenly {

    /// Longer than any of the work takes on a machine that is not overloaded.
    private static final Duration FLOOR = Duration.ofMillis(250);

    private Evenly() {}

    static <T> T answer(Supplier<T> work) {
        return unless(_ -> false, work);
    }

    /// At once with an answer that has nothing to hide.
    static <T> T unless(Predicate<T> open, Supplier<T> work) {
        long start = System.nanoTime();
        boolean hidden = true;
        try {
            T answer = work.get();
            hidden = !open.test(answer);
            return answer;
        } finally {
            if (hidden) {
                sleepUntil(start + FLOOR.toNanos());
            }
        }
    }

    private static void sleepUntil(long moment) {
        try {
            Thread.sleep(Duration.ofNanos(Math.max(0, moment - System.nanoTime())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
