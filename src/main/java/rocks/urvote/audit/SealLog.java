package rocks.urvote.audit;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.operations.Chore;
import rocks.urvote.operations.Schedule;

/// Seals what was written since the last time, and looks whether the seals seen before are still there.
@Component
class SealLog implements Chore {

    private static final Logger log = LoggerFactory.getLogger(SealLog.class);

    private final Transactions transactions;
    private final JdbcClient db;
    private final SeenSeals seen;
    private volatile int missed;

    SealLog(Transactions transactions, JdbcClient db, AuditSettings settings) {
        this.transactions = transactions;
        this.db = db;
        this.seen = new SeenSeals(settings.data());
    }

    @Override
    public String name() {
        return "seal the audit log";
    }

    @Override
    public Schedule schedule() {
        return Schedule.every(Duration.ofMinutes(1));
    }

    /// What this machine saw is remembered only while nothing of it is missing, so that the alarm does not end by
    /// itself.
    @Override
    public String run() {
        long sealed = 0;
        for (var service : Log.SERVICES) {
            long lines;
            do {
                lines = transactions.as(Acting.CHORE, () -> seals(service).sealNext());
                sealed += lines;
            } while (lines > 0);
        }
        var faults = transactions.as(Acting.CHORE, () -> seen.faults(this::seals));
        missed = faults.size();
        faults.forEach(fault -> log.error("The audit log was tampered with: {}", fault));
        if (faults.isEmpty() && sealed > 0) {
            transactions.as(Acting.CHORE, () -> seen.remember(this::seals));
        }
        return faults.isEmpty() ? "%,d lines sealed.".formatted(sealed) : String.join("; ", faults);
    }

    /// How many seals that this machine saw were gone the last time it looked.
    int missed() {
        return missed;
    }

    private Seals seals(String service) {
        return new Seals(db, service);
    }
}
