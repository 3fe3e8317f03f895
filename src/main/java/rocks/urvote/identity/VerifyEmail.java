package rocks.urvote.identity;

import java.net.InetAddress;
import java.time.Clock;
import java.util.Optional;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;

/// Believes that an address is somebody's once they follow the link mailed to it.
@Component
class VerifyEmail {

    private final Transactions transactions;
    private final Users users;
    private final Limits limits;
    private final Letters letters;
    private final Mailbox mailbox;
    private final ApplicationEventPublisher facts;
    private final Clock clock;

    VerifyEmail(
            Transactions transactions,
            Users users,
            Limits limits,
            Letters letters,
            Mailbox mailbox,
            ApplicationEventPublisher facts,
            Clock clock) {
        this.transactions = transactions;
        this.users = users;
        this.limits = limits;
        this.letters = letters;
        this.mailbox = mailbox;
        this.facts = facts;
        this.clock = clock;
    }

    /// Whose address the link would verify; looking does not use it up, as mail scanners look at every link.
    Optional<User> look(String token) {
        return transactions.as(Acting.SIGN_IN, () -> users.awaitingVerification(Secrets.hash(token)));
    }

    /// False where the link was used, replaced, or has run out.
    boolean verify(String token) {
        return transactions.as(Acting.SIGN_IN, () -> {
            var verified = users.verify(Secrets.hash(token));
            verified.ifPresent(user -> facts.publishEvent(new EmailVerified(user, clock.instant())));
            return verified.isPresent();
        });
    }

    /// Mails a new link to somebody who is signed in and has not verified yet.
    void mailAgain(UserId user, InetAddress from) {
        var unverified =
                transactions.as(Acting.user(user), () -> users.find(user)).filter(account -> !account.emailVerified());
        unverified.ifPresent(account -> {
            limits.beforeMail(account.email(), from);
            var token = Secrets.link();
            transactions.as(Acting.user(user), () -> users.awaitVerification(account.email(), Secrets.hash(token)));
            mailbox.send(letters.verification(account.email(), token));
        });
    }
}
