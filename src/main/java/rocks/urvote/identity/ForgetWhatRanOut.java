package rocks.urvote.identity;

import java.time.Duration;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.operations.Chore;
import rocks.urvote.operations.Schedule;

/// Removes codes, links and refresh tokens a day after they ran out, and sessions that are over.
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
        return "codes, links, tokens and sessions that ran out";
    }

    @Override
    public Schedule schedule() {
        return Schedule.every(Duration.ofHours(1));
    }

    @Override
    public String run() {
        return transactions.as(
                Acting.CHORE,
                () -> "%,d codes, %,d links, %,d refresh tokens, %,d second steps and %,d sessions are gone."
                        .formatted(
                                codes.forget(),
                                resets.forget(),
                                sessions.forget(),
                                secondSteps.forgetOld(),
                                sessions.forgetOver()));
    }
}
