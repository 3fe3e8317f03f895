package rocks.urvote.votes;

import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.operations.Chore;
import rocks.urvote.operations.Schedule;

/// Removes the answers to an `Idempotency-Key` when their 24 hours are over.
@Component
class ForgetOldAnswers implements Chore {

    private final Transactions transactions;
    private final JdbcClient db;

    ForgetOldAnswers(Transactions transactions, JdbcClient db) {
        this.transactions = transactions;
        this.db = db;
    }

    @Override
    public String name() {
        return "old vote answers";
    }

    @Override
    public Schedule schedule() {
        return Schedule.every(Duration.ofHours(1));
    }

    @Override
    public String run() {
        int gone = transactions.as(
                Acting.CHORE,
                () -> db.sql("delete from vote_answers where created_at < now() - interval '24 hours'")
                        .update());
        return "%,d answers to an Idempotency-Key are gone.".formatted(gone);
    }
}
