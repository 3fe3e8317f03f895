package rocks.urvote.identity;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import rocks.urvote.identity.SecondFactors.Kind;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Checks;
import rocks.urvote.web.Problem;

/// Adds and removes somebody's own second factor: shortly after they signed in only, so that whoever finds an open
/// browser cannot, and never without a mail about it.
@Component
class SetUpTwoFactor {

    private static final Duration FRESH = Duration.ofMinutes(10);

    private final Transactions transactions;
    private final Users users;
    private final Sessions sessions;
    private final SecondFactors factors;
    private final Letters letters;
    private final Mailbox mailbox;
    private final ApplicationEventPublisher facts;
    private final Clock clock;

    SetUpTwoFactor(
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

    /// A secret for an app, and the words the app reads it from.
    public record Begun(String secret, String uri) {}

    boolean isFresh(Caller caller) {
        return transactions.as(Acting.user(caller.user()), () -> sessions.isYoungerThan(caller.session(), FRESH));
    }

    void mustBeFresh(Caller caller) {
        if (!isFresh(caller)) {
            throw Problem.of(
                            HttpStatus.FORBIDDEN,
                            "fresh_sign_in_required",
                            "Please sign in again: this needs a sign-in of the last ten minutes.")
                    .raised();
        }
    }

    Begun begin(Caller caller) {
        mustBeFresh(caller);
        var secret = Totp.secret();
        return transactions.as(Acting.user(caller.user()), () -> {
            if (!factors.begin(caller.user(), secret)) {
                throw exists().raised();
            }
            return begun(caller.user(), secret);
        });
    }

    /// The one that was begun, for those who come back to the page.
    Begun begun(Caller caller) {
        return transactions.as(
                Acting.user(caller.user()),
                () -> factors.begun(caller.user())
                        .map(secret -> begun(caller.user(), secret))
                        .orElseThrow(() -> Problem.notFound().raised()));
    }

    private Begun begun(UserId user, byte[] secret) {
        var address = users.find(user).orElseThrow().email().value();
        return new Begun(Totp.base32(secret), Totp.uri(secret, address));
    }

    /// Shows that the app has the secret; gives the recovery codes, which are never shown again.
    List<String> confirm(Caller caller, @Nullable String shown) {
        mustBeFresh(caller);
        var checks = Checks.start();
        var code = checks.line("code", shown, 20).replace(" ", "");
        checks.orRaise();
        var confirmed = transactions.as(Acting.user(caller.user()), () -> {
            if (factors.begun(caller.user()).isEmpty()) {
                throw Problem.notFound().raised();
            }
            var answer = factors.confirm(caller.user(), code);
            return new Confirmed(
                    answer, answer == SecondFactors.Answer.RIGHT ? added(caller.user(), Kind.TOTP) : List.of());
        });
        return switch (confirmed.answer()) {
            case RIGHT -> {
                tell(caller.user(), Kind.TOTP, true);
                yield confirmed.recoveryCodes();
            }
            case WRONG ->
                throw Problem.invalid("code", "is not the one the app shows now")
                        .raised();
            case TOO_OFTEN -> throw Problem.rateLimited(FRESH).raised();
        };
    }

    /// A wrong try is counted too, so it is an answer and breaks nothing off.
    private record Confirmed(SecondFactors.Answer answer, List<String> recoveryCodes) {}

    /// To be asked in the transaction in which it is added. Recovery codes come with the first factor; those who have
    /// some keep them.
    List<String> added(UserId user, Kind kind) {
        facts.publishEvent(new SecondFactorAdded(user, word(kind), clock.instant()));
        return factors.recoveryCodesLeft(user) > 0 ? List.of() : factors.makeRecoveryCodes(user);
    }

    void removeTotp(Caller caller) {
        mustBeFresh(caller);
        transactions.as(Acting.user(caller.user()), () -> {
            if (!factors.removeTotp(caller.user())) {
                throw Problem.notFound().raised();
            }
            removed(caller.user(), Kind.TOTP);
        });
        tell(caller.user(), Kind.TOTP, false);
    }

    /// Where no factor is left, the recovery codes go as well.
    void removed(UserId user, Kind kind) {
        facts.publishEvent(new SecondFactorRemoved(user, word(kind), null, clock.instant()));
        if (factors.of(user).isEmpty()) {
            factors.removeAll(user);
        }
    }

    List<String> newRecoveryCodes(Caller caller) {
        mustBeFresh(caller);
        return transactions.as(Acting.user(caller.user()), () -> {
            if (factors.of(caller.user()).isEmpty()) {
                throw Problem.notFound().raised();
            }
            facts.publishEvent(new RecoveryCodesMade(caller.user(), clock.instant()));
            return factors.makeRecoveryCodes(caller.user());
        });
    }

    void tell(UserId user, Kind kind, boolean added) {
        transactions
                .as(Acting.user(user), () -> users.find(user))
                .ifPresent(account -> mailbox.send(letters.secondFactor(account.email(), kind, added)));
    }

    static String word(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    static Problem exists() {
        return Problem.of(
                HttpStatus.CONFLICT,
                "second_factor_exists",
                "There is an app already: remove it before you add another.");
    }
}
