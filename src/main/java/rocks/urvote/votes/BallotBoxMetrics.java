package rocks.urvote.votes;

import static java.util.stream.Collectors.toUnmodifiableMap;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// How full the ballot box is, and how it is emptied: `urvote_ballot_…` at `/metrics`.
final class BallotBoxMetrics {

    private final DistributionSummary sizes;
    private final Timer times;

    private final Map<Class<?>, Counter> rulings;
    private final Counter failed;

    BallotBoxMetrics(MeterRegistry registry, Supplier<Number> waiting, int room) {
        Gauge.builder("urvote.ballot.queue", waiting)
                .description("Votes that were taken and are not decided yet")
                .strongReference(true)
                .register(registry);
        Gauge.builder("urvote.ballot.queue.capacity", () -> room)
                .description("For how many votes there is room in the queues")
                .strongReference(true)
                .register(registry);
        this.rulings = Stream.of(Ruling.class.getPermittedSubclasses())
                .collect(toUnmodifiableMap(Function.identity(), kind -> counter(word(kind), registry)));
        this.failed = counter("failed", registry);
        this.sizes = DistributionSummary.builder("urvote.ballot.batch.size")
                .description("Votes in one commit")
                .publishPercentiles(0.5, 0.99)
                .register(registry);
        this.times = Timer.builder("urvote.ballot.batch.time")
                .description("From taking a batch to its rulings")
                .publishPercentiles(0.5, 0.99)
                .register(registry);
    }

    private static Counter counter(String outcome, MeterRegistry registry) {
        return Counter.builder("urvote.votes")
                .description("Votes that were asked for, by what became of them")
                .tag("outcome", outcome)
                .register(registry);
    }

    /// `already_voted` for `AlreadyVoted`
    private static String word(Class<?> ruling) {
        return ruling.getSimpleName().replaceAll("(?<=.)(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    Ruling ruled(Ruling ruling) {
        Objects.requireNonNull(rulings.get(ruling.getClass())).increment();
        return ruling;
    }

    /// No ruling, for a reason nobody foresaw.
    void failed() {
        failed.increment();
    }

    void wrote(int votes, long nanos) {
        sizes.record(votes);
        times.record(nanos, TimeUnit.NANOSECONDS);
    }
}
