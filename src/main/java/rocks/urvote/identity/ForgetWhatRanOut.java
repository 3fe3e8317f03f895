package rocks.urvote.identity;

import java.time.Duration;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.operations.Chore;

/// Removes codes, links and refresh tokens a day after they ran out.
@Component
class ForgetWhatRanOut implements Chore {

    private final Transactions transactions;
    private final Codes codes;
    private final Resets resets;
    private final Sessions sessions;
    private final SecondSteps secondSteps;

    ForgetWhatRanOut(
            Transactions transactions, Codes codes, Resets resets, Sessions sessions, SecondSteps secondSteps) {
        this.transactions = transactions;
        this.codes = codes;
        this.resets = resets;
        this.sessions = sessions;
        this.secondSteps = secondSteps;
    }

    @Override
    public String name() {
        return "forget codes, links and tokens that ran out";
    }

    @Override
    public Duration every() {
        return Duration.ofHours(1);
    }

    @Override
    public void run() {
        transactions.as(
                Acting.CHORE, () -> codes.forget() + resets.forget() + sessions.forget() + secondSteps.forgetOld());
    }
}
