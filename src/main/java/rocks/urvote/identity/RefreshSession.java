package rocks.urvote.identity;

import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.web.SessionRefresh;
import rocks.urvote.web.Tokens;

/// Exchanges a refresh token for the next one. One shown twice may be stolen, so it ends its session; only two tabs of
/// one browser, which share a cookie, may do so within a few seconds.
@Component
class RefreshSession implements SessionRefresh {

    private static final Duration TWO_TABS = Duration.ofSeconds(10);

    private final Transactions transactions;
    private final Sessions sessions;
    private final Users users;

    RefreshSession(Transactions transactions, Sessions sessions, Users users) {
        this.transactions = transactions;
        this.sessions = sessions;
        this.users = users;
    }

    @Override
    public Optional<Tokens> withCookie(String refreshToken) {
        return fromCookie(refreshToken).map(SignIn.Entry::tokens);
    }

    Optional<SignIn.Entry> fromCookie(String refreshToken) {
        return refresh(refreshToken, TWO_TABS);
    }

    Optional<SignIn.Entry> fromBody(String refreshToken) {
        return refresh(refreshToken, Duration.ZERO);
    }

    private Optional<SignIn.Entry> refresh(String token, Duration grace) {
        return transactions.as(
                Acting.SIGN_IN,
                () -> sessions.show(token).flatMap(shown -> {
                    if (shown.over() || shown.expired()) {
                        return Optional.empty();
                    }
                    var used = shown.used();
                    if (used != null && (grace.isZero() || used.compareTo(grace) > 0)) {
                        sessions.end(shown.session(), Ending.REFRESH_TOKEN_REUSED);
                        return Optional.empty();
                    }
                    return users.find(shown.user())
                            .filter(User::isActive)
                            .map(user -> new SignIn.Entry(user, sessions.follow(shown, token, user)));
                }));
    }
}
