package rocks.urvote.votes;

import java.time.Duration;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.operations.Chore;

/// Removes the answers to an `Idempotency-Key` when their 24 hours are over.
@Component
class ForgetOldAnswers implements Chore {

    private final Transactions transactions;
    private final VoteAnswers answers;

    ForgetOldAnswers(Transactions transactions, VoteAnswers answers) {
        this.transactions = transactions;
        this.answers = answers;
    }

    @Override
    public String name() {
        return "old vote answers";
    }

    @Override
    public Duration every() {
        return Duration.ofHours(1);
    }

    @Override
    public void run() {
        transactions.as(Acting.CHORE, () -> {
            answers.forgetOld();
        });
    }
}
