package rocks.urvote.audit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;
import rocks.urvote.operations.ChoreBook;

/// `urvote_audit_faults` at `/metrics`: what the newest proof found, whichever node made it and whenever that started,
/// or the seals that this machine saw and misses now.
@Component
class LogMetrics {

    LogMetrics(ChoreBook chores, SealLog sealing, MeterRegistry meters) {
        Gauge.builder("urvote.audit.faults", () -> Math.max(proved(chores), sealing.missed()))
                .description("What the newest proof of the audit log found changed, removed or added by hand")
                .strongReference(true)
                .register(meters);
    }

    private static int proved(ChoreBook chores) {
        return chores.lastDone(ProveLog.NAME)
                .map(run -> ProveLog.faults(run.note()))
                .orElse(0);
    }
}
