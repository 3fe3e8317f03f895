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

    /// Ends one of somebody's own sessions; what is not theirs stays.
    void endOwn(UserId user, UUID session) {
        transactions.as(Acting.user(user), () -> sessions.end(session, Ending.SIGNED_OUT));
    }
}
