package rocks.urvote.identity;

import java.util.UUID;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;

/// Ends a session: its tokens are refused from then on, everywhere.
@Component
class SignOut {

    private final Transactions transactions;
    private final Sessions sessions;

    SignOut(Transactions transactions, Sessions sessions) {
        this.transactions = transactions;
        this.sessions = sessions;
    }

    void end(UUID session) {
        transactions.as(Acting.SIGN_IN, () -> sessions.end(session, Ending.SIGNED_OUT));
    }

    /// Ends the session a refresh token belongs to; false where there is none.
    boolean endOf(String refreshToken) {
        return transactions.as(Acting.SIGN_IN, () -> {
            var session = sessions.of(refreshToken);
            session.ifPresent(known -> sessions.end(known, Ending.SIGNED_OUT));
            return session.isPresent();
        });
    }

    /// Ends one of somebody's own sessions; what is not theirs stays. False where there was nothing to end.
    boolean endOwn(UserId user, UUID session) {
        return transactions.as(Acting.user(user), () -> sessions.end(session, Ending.SIGNED_OUT) > 0);
    }

    /// Ends all of somebody's sessions but this one, and tells how many.
    int endOthers(UserId user, UUID kept) {
        return transactions.as(Acting.user(user), () -> sessions.endAllBut(kept, user, Ending.SIGNED_OUT));
    }
}
