package rocks.urvote.operations;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import rocks.urvote.operations.ChoreBook.Outcome;
import rocks.urvote.operations.ChoreLog.Standing;

/// How each chore stands, whichever node did it: `urvote_chore_…` at `/metrics`.
final class ChoreMetrics {

    /// One look at a chore.
    private record Look(Standing standing, Instant due) {}

    private final MeterRegistry registry;
    private final Map<String, Look> looks = new ConcurrentHashMap<>();

    ChoreMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void seen(String chore, Standing standing, Instant due) {
        if (looks.put(chore, new Look(standing, due)) == null) {
            register(chore);
        }
    }

    Optional<ChoreBook.Run> lastDone(String chore) {
        return Optional.ofNullable(looks.get(chore))
                .flatMap(look -> look.standing().done());
    }

    private void register(String chore) {
        gauge(
                chore,
                "urvote.chore.last.success.timestamp",
                "seconds",
                "When the last run began that came to its end",
                look -> look.standing()
                        .done()
                        .map(run -> run.startedAt().toEpochMilli() / 1e3)
                        .orElse(Double.NaN));
        gauge(
                chore,
                "urvote.chore.last.duration",
                "seconds",
                "How long the last run took that came to its end",
                look -> look.standing()
                        .done()
                        .flatMap(ChoreBook.Run::took)
                        .map(took -> took.toMillis() / 1e3)
                        .orElse(Double.NaN));
        gauge(
                chore,
                "urvote.chore.failures",
                null,
                "How often in a row it has failed",
                look -> look.standing().failures());
        gauge(
                chore,
                "urvote.chore.overdue",
                "seconds",
                "For how long it has been due, and nobody is at it",
                look -> look.standing()
                                .last()
                                .filter(run -> run.outcome() == Outcome.RUNNING)
                                .isPresent()
                        ? 0
                        : Math.max(
                                0,
                                Duration.between(look.due(), look.standing().now())
                                                .toMillis()
                                        / 1e3));
    }

    private void gauge(
            String chore, String name, @Nullable String unit, String description, ToDoubleFunction<Look> value) {
        Gauge.builder(name, () -> {
                    var look = looks.get(chore);
                    return look == null ? Double.NaN : value.applyAsDouble(look);
                })
                .tag("chore", chore)
                .baseUnit(unit)
                .description(description)
                .strongReference(true)
                .register(registry);
    }
}
