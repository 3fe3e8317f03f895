package rocks.urvote.votes;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// How full the ballot box is, and how it is emptied: `urvote_ballot_…` at `/metrics`.
final class BallotBoxMetrics {

    private final DistributionSummary sizes;
    private final Timer times;

    BallotBoxMetrics(MeterRegistry registry, Supplier<Number> waiting) {
        Gauge.builder("urvote.ballot.queue", waiting)
                .description("Votes that were taken and are not decided yet")
                .strongReference(true)
                .register(registry);
        this.sizes = DistributionSummary.builder("urvote.ballot.batch.size")
                .description("Votes in one commit")
                .publishPercentiles(0.5, 0.99)
                .register(registry);
        this.times = Timer.builder("urvote.ballot.batch.time")
                .description("From taking a batch to its rulings")
                .publishPercentiles(0.5, 0.99)
                .register(registry);
    }

    void wrote(int votes, long nanos) {
        sizes.record(votes);
        times.record(nanos, TimeUnit.NANOSECONDS);
    }
}
