package rocks.urvote.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;

/// Token buckets in memory; one that nobody used for an hour is full again and forgotten.
@Component
final class Buckets implements RateLimits {

    private record Key(String limit, Object key) {}

    private final Cache<Key, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(500_000)
            .expireAfterAccess(Duration.ofHours(1))
            .build();

    @Override
    public Optional<Duration> take(Limit limit, Object key) {
        var bucket = buckets.get(
                new Key(limit.name(), key),
                fresh -> Bucket.builder()
                        .addLimit(bandwidth ->
                                bandwidth.capacity(limit.times()).refillGreedy(limit.times(), limit.period()))
                        .build());
        var probe = bucket.tryConsumeAndReturnRemaining(1);
        return probe.isConsumed() ? Optional.empty() : Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }
}
