package rocks.urvote.identity;

import java.net.InetAddress;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;

/// Believes that an address is somebody's once they follow the link mailed to it.
///
/// The password stays, so a link works only while all who signed up for the mailbox knew the same one; see [SignUp].
/// Whoever was signed in elsewhere before is signed out.
@Component
class VerifyEmail {

    private final Transactions transactions;
    private final Users users;
    private final Sessions sessions;
    private final Limits limits;
    private final Letters letters;
    private final Mailbox mailbox;
    private final ApplicationEventPublisher facts;
    private final Clock clock;

    VerifyEmail(
            Transactions transactions,
            Users users,
            Sessions sessions,
            Limits limits,
            Letters letters,
            Mailbox mailbox,
            ApplicationEventPublisher facts,
            Clock clock) {
        this.transactions = transactions;
        this.users = users;
        this.sessions = sessions;
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

    /// Ends every session but the one of whoever follows the link, if they are signed in. False where the link was
    /// used, replaced, or has run out.
    boolean verify(String token, Optional<UUID> here) {
        return transactions.as(Acting.SIGN_IN, () -> {
            var verified = users.verify(Secrets.hash(token));
            verified.ifPresent(user -> {
                sessions.endAllBut(here.orElse(null), user, Ending.ADDRESS_PROVEN);
                facts.publishEvent(new EmailVerified(user, clock.instant()));
            });
            return verified.isPresent();
        });
    }

    /// Mails a new link to somebody who is signed in and has not verified yet; nothing once two signed up for the
    /// mailbox.
    void mailAgain(UserId user, InetAddress from) {
        var unverified =
                transactions.as(Acting.user(user), () -> users.find(user)).filter(account -> !account.emailVerified());
        unverified.ifPresent(account -> {
            limits.beforeMail(account.email(), from);
            var token = Secrets.link();
            if (transactions.as(Acting.SIGN_IN, () -> users.awaitVerificationAgain(user, Secrets.hash(token)))) {
                mailbox.send(letters.verification(account.email(), token));
            }
        });
    }
}
