package rocks.urvote.identity;

import io.swagger.v3.oas.annotations.media.Schema;
import java.net.InetAddress;
import java.time.Clock;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.web.Checks;
import rocks.urvote.web.Problem;

/// Opens an account with a password. Whether the address is known shows neither in the answer nor in the work: only
/// the mailbox learns it.
///
/// Links are for one who signs up alone. Once somebody signs up for an unverified mailbox with another password,
/// no link may prove the address any more, as nobody can tell whose password it would prove: a code or a reset
/// must, and both drop the password.
@Component
class SignUp {

    private final Transactions transactions;
    private final Users users;
    private final Passwords passwords;
    private final Limits limits;
    private final Returning returning;
    private final Letters letters;
    private final Mailbox mailbox;
    private final ApplicationEventPublisher facts;
    private final Clock clock;

    SignUp(
            Transactions transactions,
            Users users,
            Passwords passwords,
            Limits limits,
            Returning returning,
            Letters letters,
            Mailbox mailbox,
            ApplicationEventPublisher facts,
            Clock clock) {
        this.transactions = transactions;
        this.users = users;
        this.passwords = passwords;
        this.limits = limits;
        this.returning = returning;
        this.letters = letters;
        this.mailbox = mailbox;
        this.facts = facts;
        this.clock = clock;
    }

    @Schema(
            name = "SignUp",
            requiredProperties = {"email", "username", "password"})
    public record Wanted(
            @Nullable String email,
            @Nullable String username,
            @Nullable String password) {}

    void signUp(Wanted wanted, InetAddress from) {
        var checks = Checks.start();
        var address = checks.email("email", wanted.email());
        var username = Username.wanted(checks, "username", wanted.username());
        var password = Password.wanted(
                checks,
                "password",
                wanted.password(),
                Objects.requireNonNullElse(wanted.email(), ""),
                Objects.requireNonNullElse(wanted.username(), ""));
        checks.orRaise();
        limits.beforeMail(address.orElseThrow(), from);
        mailbox.send(
                Evenly.answer(() -> signUp(address.orElseThrow(), username.orElseThrow(), password.orElseThrow())));
    }

    private Mailbox.Mail signUp(EmailAddress address, Username username, Password password) {
        if (transactions.as(Acting.SIGN_IN, () -> users.knowsUsername(username))) {
            throw usernameTaken().raised();
        }
        var hash = passwords.hash(password);
        var earlier = transactions.as(Acting.SIGN_IN, () -> users.inMailbox(address));
        var same = passwords.matches(password, earlier.map(User::hashedPassword).orElse(null));
        return transactions.as(Acting.SIGN_IN, () -> {
            var added = users.add(address, username, hash, false);
            var user = users.lockedInMailbox(address)
                    .orElseThrow(() -> usernameTaken().raised());
            var token = Secrets.link();
            added.ifPresent(id -> users.awaitVerification(id, Secrets.hash(token)));
            var returns = !user.emailVerified() && returning.awaits(address);
            var good = !returns
                    && (added.isPresent() || (same && users.awaitVerificationAgain(user.id(), Secrets.hash(token))));
            if (!good) {
                users.voidLinks(user.id());
            }
            added.ifPresent(id -> facts.publishEvent(new AccountOpened(id, false, clock.instant())));
            var to = user.reachedBy(address);
            if (user.emailVerified()) {
                return letters.alreadyKnown(to);
            }
            if (returns) {
                return letters.returning(to);
            }
            // A link proves the address the account has, so it goes there, however the address was spelled this time.
            return good ? letters.verification(user.email(), token) : letters.waiting(to);
        });
    }

    static Problem usernameTaken() {
        return Problem.of(HttpStatus.CONFLICT, "username_taken", "Somebody has this user name already.");
    }
}
