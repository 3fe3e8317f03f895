package rocks.urvote.identity;

import io.swagger.v3.oas.annotations.media.Schema;
import java.net.InetAddress;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.web.Checks;

/// Sets a new password for whoever can read the mail of the account, and ends every session it had.
@Component
class ResetPassword {

    private final Transactions transactions;
    private final Users users;
    private final Resets resets;
    private final Sessions sessions;
    private final Passwords passwords;
    private final Limits limits;
    private final Returning returning;
    private final Letters letters;
    private final Mailbox mailbox;
    private final Errands errands;
    private final ApplicationEventPublisher facts;
    private final Clock clock;

    ResetPassword(
            Transactions transactions,
            Users users,
            Resets resets,
            Sessions sessions,
            Passwords passwords,
            Limits limits,
            Returning returning,
            Letters letters,
            Mailbox mailbox,
            Errands errands,
            ApplicationEventPublisher facts,
            Clock clock) {
        this.transactions = transactions;
        this.users = users;
        this.resets = resets;
        this.sessions = sessions;
        this.passwords = passwords;
        this.limits = limits;
        this.returning = returning;
        this.letters = letters;
        this.mailbox = mailbox;
        this.errands = errands;
        this.facts = facts;
        this.clock = clock;
    }

    @Schema(name = "PasswordReset", requiredProperties = "email")
    public record Wanted(@Nullable String email) {}

    @Schema(name = "NewPassword", requiredProperties = "password")
    public record Replacement(@Nullable String password) {}

    /// Mails a link, if there is an account; the answer is given before that is known.
    void mail(Wanted wanted, InetAddress from) {
        var checks = Checks.start();
        var typed = checks.email("email", wanted.email());
        checks.orRaise();
        limits.beforeMail(typed.orElseThrow(), from);
        errands.run(() -> mail(typed.orElseThrow()));
    }

    private void mail(EmailAddress typed) {
        var token = Secrets.link();
        transactions
                .as(
                        Acting.SIGN_IN,
                        () -> users.inMailbox(typed).filter(User::isActive).map(user -> {
                            var to = user.reachedBy(typed);
                            resets.add(user.id(), to, Secrets.hash(token));
                            return to;
                        }))
                .ifPresent(to -> mailbox.send(letters.reset(to, token)));
    }

    boolean isGood(String token) {
        return transactions
                .as(Acting.SIGN_IN, () -> resets.find(Secrets.hash(token)))
                .isPresent();
    }

    /// False where the link was used, replaced, or has run out.
    boolean set(String token, Replacement replacement) {
        var tokenHash = Secrets.hash(token);
        var found = transactions.as(
                Acting.SIGN_IN, () -> resets.find(tokenHash).flatMap(reset -> users.find(reset.userId())));
        var checks = Checks.start();
        var password = Password.wanted(
                checks,
                "password",
                replacement.password(),
                found.map(user -> user.email().value()).orElse(""),
                found.map(User::username).orElse(""));
        checks.orRaise();
        if (found.isEmpty()) {
            return false;
        }
        var hash = passwords.hash(password.orElseThrow());
        return transactions.as(Acting.SIGN_IN, () -> {
            var reset = resets.find(tokenHash);
            return resets.use(tokenHash)
                    && reset.flatMap(good -> users.find(good.userId()))
                            .filter(User::isActive)
                            .map(user -> {
                                replace(user, reset.orElseThrow().email(), hash);
                                return true;
                            })
                            .orElse(false);
        });
    }

    private void replace(User user, EmailAddress proven, String hash) {
        var owner = user.id();
        if (user.emailVerified()) {
            users.setPassword(owner, hash);
        } else {
            owner = returning.orElseClaim(user, proven, hash);
            facts.publishEvent(new EmailVerified(owner, clock.instant()));
        }
        sessions.endAll(owner, Ending.PASSWORD_SET);
        facts.publishEvent(new PasswordSet(owner, clock.instant()));
    }
}
