package rocks.urvote.web;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/// Counts the requests that are inside, so that no more come in than are served in good time: whoever waits longer
/// has given up when it is their turn, and the work is for nobody.
///
/// What lasts by its nature (streams, songs on their way) does not count here: each of these has a bound of its own.
@Component
final class Turnstile implements MeterBinder {

    private static final ThreadLocal<Turnstile> INSIDE = new ThreadLocal<>();

    private final int most;
    private final AtomicInteger inside = new AtomicInteger();
    private final LongAdder refused = new LongAdder();
    private volatile boolean leaving;

    Turnstile(WebSettings settings) {
        this.most = settings.requestsAtOnce();
    }

    boolean full() {
        return inside.get() >= most;
    }

    /// For the request that this thread answers; where it has entered already, that was it.
    void enter() {
        if (INSIDE.get() == null) {
            inside.incrementAndGet();
            INSIDE.set(this);
        }
    }

    /// The request of this thread is answered, or waits for its sender, or is one that lasts. Gives what to enter
    /// again; once is enough, and twice does no harm.
    static @Nullable Turnstile leave() {
        var turnstile = INSIDE.get();
        if (turnstile != null) {
            INSIDE.remove();
            turnstile.inside.decrementAndGet();
        }
        return turnstile;
    }

    /// Whether this thread's request came in as one too many: it could not be turned away at the entrance.
    boolean overfull() {
        return inside.get() > most && INSIDE.get() != null;
    }

    void refused() {
        refused.increment();
    }

    @EventListener
    void hear(AvailabilityChangeEvent<ReadinessState> change) {
        leaving = change.getState() == ReadinessState.REFUSING_TRAFFIC;
    }

    /// Whether everyone is to connect anew, because a stop is about to come.
    boolean leaving() {
        return leaving;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("urvote.requests.inside", inside, AtomicInteger::get)
                .description("Requests that are being answered, without streams and songs on their way")
                .register(registry);
        FunctionCounter.builder("urvote.requests.refused", refused, LongAdder::sum)
                .description("Requests that were told to come back, because too many were inside")
                .register(registry);
    }
}
