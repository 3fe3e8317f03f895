package rocks.urvote.votes;

import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.operations.Chore;
import rocks.urvote.operations.Schedule;

/// Removes the answers to an `Idempotency-Key` when their 24 hours are over: some at a time, each time in a transaction
/// of their own, so that it comes to an end however many there are.
@Component
class ForgetOldAnswers implements Chore {

    private static final int AT_ONCE = 10_000;

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
        long all = 0;
        int gone;
        do {
            gone = transactions.as(Acting.CHORE, this::forgetSome);
            all += gone;
        } while (gone == AT_ONCE);
        return "%,d answers to an Idempotency-Key are gone.".formatted(all);
    }

    /// One that is given anew meanwhile is young again, and stays.
    private int forgetSome() {
        return db.sql("""
            delete from vote_answers
             where ctid = any (array(select ctid
                                       from vote_answers
                                      where created_at < now() - interval '24 hours'
                                      order by created_at
                                      limit :most))
               and created_at < now() - interval '24 hours'
            """).param("most", AT_ONCE).update();
    }
}
