package rocks.urvote.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import java.net.InetAddress;
import java.time.Duration;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.web.ClientAddresses;
import rocks.urvote.web.Problem;
import rocks.urvote.web.RateLimits;
import rocks.urvote.web.RateLimits.Limit;

/// How often one may ask for mail, and how often one may be wrong. The same for addresses that are known and those
/// that are not.
@Component
final class Limits {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final int WRONG_PASSWORDS = 10;
    private static final Duration FORGIVEN_AFTER = Duration.ofMinutes(10);

    private final RateLimits limits;
    private final IdentitySettings settings;
    private final Limit mailsForMailbox;
    private final Limit mailsForAddress;
    private final Cache<String, Bucket> tries =
            Caffeine.newBuilder().maximumSize(500_000).expireAfterAccess(HOUR).build();

    Limits(RateLimits limits, IdentitySettings settings) {
        this.limits = limits;
        this.settings = settings;
        this.mailsForMailbox = new Limit("mails for a mailbox", settings.codesPerMailbox(), HOUR);
        this.mailsForAddress = new Limit("mails for an address", settings.codesPerAddress(), HOUR);
    }

    /// Before a code, a reset or a sign-up: each sends a mail.
    void beforeMail(EmailAddress mailbox, InetAddress from) {
        limits.orRaise(mailsForAddress, ClientAddresses.network(from));
        limits.orRaise(mailsForMailbox, mailbox.folded());
    }

    /// Before a password is compared. Taken in advance, so that many at once are no way around it.
    void beforePassword(EmailAddress mailbox, InetAddress from) {
        take(addressTries(from));
        take(mailboxTries(mailbox));
    }

    /// A right password costs nothing.
    void passwordWasRight(EmailAddress mailbox, InetAddress from) {
        addressTries(from).addTokens(1);
        mailboxTries(mailbox).addTokens(1);
    }

    /// Before a code is compared; the tries for one mailbox are counted with the code itself.
    void beforeCode(InetAddress from) {
        take(addressTries(from));
    }

    void codeWasRight(InetAddress from) {
        addressTries(from).addTokens(1);
    }

    private static void take(Bucket bucket) {
        var probe = bucket.tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            throw Problem.rateLimited(Duration.ofNanos(probe.getNanosToWaitForRefill()))
                    .raised();
        }
    }

    private Bucket mailboxTries(EmailAddress mailbox) {
        return bucket(mailbox.folded(), WRONG_PASSWORDS, FORGIVEN_AFTER);
    }

    private Bucket addressTries(InetAddress from) {
        return bucket(ClientAddresses.network(from).getHostAddress(), settings.codesPerAddress(), HOUR);
    }

    private Bucket bucket(String key, long times, Duration period) {
        return tries.get(
                key,
                fresh -> Bucket.builder()
                        .addLimit(bandwidth -> bandwidth.capacity(times).refillGreedy(times, period))
                        .build());
    }
}
