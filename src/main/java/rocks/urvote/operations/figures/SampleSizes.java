package rocks.urvote.operations.figures;

import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.operations.Chore;
import rocks.urvote.operations.Schedule;

/// Remembers once a day how large each table is, so that it is known what they grow by.
@Component
class SampleSizes implements Chore {

    private final Transactions transactions;
    private final Measurements measurements;

    SampleSizes(Transactions transactions, JdbcClient db) {
        this.transactions = transactions;
        this.measurements = new Measurements(db);
    }

    @Override
    public String name() {
        return "size samples";
    }

    @Override
    public Schedule schedule() {
        return Schedule.every(Duration.ofDays(1));
    }

    @Override
    public String run() {
        return "The sizes of %d tables and partitions are kept."
                .formatted(transactions.as(Acting.CHORE, measurements::keepSample));
    }
}
