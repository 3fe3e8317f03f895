package rocks.urvote.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
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

    static final String NAME = "prove the audit log";

    private static final Pattern SAID = Pattern.compile("Faults: ([0-9]{1,9})\\. ");
    private static final Logger log = LoggerFactory.getLogger(ProveLog.class);

    private final Transactions transactions;
    private final JdbcClient db;
    private final SeenSeals seen;

    ProveLog(Transactions transactions, JdbcClient db, AuditSettings settings) {
        this.transactions = transactions;
        this.db = db;
        this.seen = new SeenSeals(settings.data());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Schedule schedule() {
        return Schedule.every(Duration.ofDays(1));
    }

    @Override
    public String run() {
        var found = faults();
        found.forEach(fault -> log.error("The audit log was tampered with: {}", fault));
        return found.isEmpty()
                ? "The log is as it was sealed."
                : "Faults: %d. %s".formatted(found.size(), String.join("; ", found));
    }

    /// How many a run has found, by what it said.
    static int faults(String said) {
        var number = SAID.matcher(said);
        return number.lookingAt() ? Integer.parseInt(number.group(1)) : 0;
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
