package rocks.urvote.identity;

import java.time.Clock;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.kernel.Transactions;

/// Takes all second factors from somebody who lost them, and signs them out everywhere; they are told by mail.
@Component
class ResetTwoFactor {

    private final Transactions transactions;
    private final Users users;
    private final Sessions sessions;
    private final SecondFactors factors;
    private final Letters letters;
    private final Mailbox mailbox;
    private final ApplicationEventPublisher facts;
    private final Clock clock;

    ResetTwoFactor(
            Transactions transactions,
            Users users,
            Sessions sessions,
            SecondFactors factors,
            Letters letters,
            Mailbox mailbox,
            ApplicationEventPublisher facts,
            Clock clock) {
        this.transactions = transactions;
        this.users = users;
        this.sessions = sessions;
        this.factors = factors;
        this.letters = letters;
        this.mailbox = mailbox;
        this.facts = facts;
        this.clock = clock;
    }

    /// What came of it, for the person with a shell.
    enum Outcome {
        RESET,
        NONE_SET_UP,
        NO_SUCH_ACCOUNT
    }

    Outcome reset(EmailAddress address) {
        var found = transactions.as(Acting.SIGN_IN, () -> users.inMailbox(address));
        if (found.isEmpty()) {
            return Outcome.NO_SUCH_ACCOUNT;
        }
        var user = found.get();
        if (!transactions.as(Acting.SIGN_IN, () -> reset(user, "By somebody with a shell on the machine"))) {
            return Outcome.NONE_SET_UP;
        }
        tell(user);
        return Outcome.RESET;
    }

    /// Inside the transaction of whoever decides it, who also tells the person afterwards. False where there was none.
    boolean reset(User user, String reason) {
        var kinds = factors.removeAll(user.id());
        if (kinds.isEmpty()) {
            return false;
        }
        sessions.endAll(user.id(), Ending.SECOND_FACTOR_RESET);
        for (var kind : kinds) {
            facts.publishEvent(new SecondFactorRemoved(user.id(), SetUpTwoFactor.word(kind), reason, clock.instant()));
        }
        return true;
    }

    /// Once that is done.
    void tell(User user) {
        mailbox.send(letters.secondFactorsReset(user.email()));
    }
}
