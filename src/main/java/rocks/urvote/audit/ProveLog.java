package rocks.urvote.audit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.operations.Chore;
import rocks.urvote.operations.Schedule;

/// Reads the whole log once a day and compares it with its seals.
@Component
class ProveLog implements Chore {

    private static final Logger log = LoggerFactory.getLogger(ProveLog.class);

    private final Transactions transactions;
    private final JdbcClient db;
    private final SeenSeals seen;
    private final AtomicInteger faults = new AtomicInteger();

    ProveLog(Transactions transactions, JdbcClient db, AuditSettings settings, MeterRegistry meters) {
        this.transactions = transactions;
        this.db = db;
        this.seen = new SeenSeals(settings.data());
        Gauge.builder("urvote.audit.faults", faults, AtomicInteger::get)
                .description("What the newest proof of the audit log found changed, removed or added by hand")
                .register(meters);
    }

    @Override
    public String name() {
        return "prove the audit log";
    }

    @Override
    public Schedule schedule() {
        return Schedule.every(Duration.ofDays(1));
    }

    @Override
    public String run() {
        var found = faults();
        faults.set(found.size());
        found.forEach(fault -> log.error("The audit log was tampered with: {}", fault));
        return found.isEmpty() ? "The log is as it was sealed." : String.join("; ", found);
    }

    /// What is not as it was when it was sealed, as sentences.
    List<String> faults() {
        var found = new ArrayList<String>();
        for (var service : Log.SERVICES) {
            found.addAll(transactions.as(Acting.CHORE, () -> seals(service).faults()));
        }
        found.addAll(transactions.as(Acting.CHORE, () -> seen.faults(this::seals)));
        return found;
    }

    Seals.Extent extent(String service) {
        return transactions.as(Acting.CHORE, () -> seals(service).extent());
    }

    /// From now on the seals the database has are those that are to be found again.
    void accept() {
        transactions.as(Acting.CHORE, () -> seen.remember(this::seals));
    }

    private Seals seals(String service) {
        return new Seals(db, service);
    }
}
