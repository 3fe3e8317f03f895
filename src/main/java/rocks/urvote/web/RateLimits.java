package rocks.urvote.web;

import java.time.Duration;
import java.util.Optional;

/// How often somebody may do something, on this node.
public interface RateLimits {

    /// So many at once, filled up again evenly over the period.
    record Limit(String name, long times, Duration period) {}

    /// Takes one; empty when it was there, else how long to wait for the next.
    Optional<Duration> take(Limit limit, Object key);

    /// Takes one, or leaves the handler with 429 `rate_limited`.
    default void orRaise(Limit limit, Object key) {
        take(limit, key).ifPresent(wait -> {
            throw Problem.rateLimited(wait).raised();
        });
    }
}
