package rocks.urvote.identity;

import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.kernel.UserId;

/// Somebody whose account was erased comes back while contests run in which they voted: whoever proves the mailbox goes
/// on as the same voter, so that the same keys hold the same limits. Later they are somebody new.
///
/// Only a proof counts, a code or a reset. Until then an account that somebody opened for the mailbox is another one,
/// and sees nothing of the erased one.
@Component
class Returning {

    private final Users users;
    private final Erasures erasures;
    private final Sessions sessions;
    private final ApplicationEventPublisher facts;
    private final Clock clock;

    Returning(Users users, Erasures erasures, Sessions sessions, ApplicationEventPublisher facts, Clock clock) {
        this.users = users;
        this.erasures = erasures;
        this.sessions = sessions;
        this.facts = facts;
        this.clock = clock;
    }

    boolean awaits(EmailAddress address) {
        return erasures.of(address).isPresent();
    }

    /// Gives whoever has just proven the mailbox the number they had, with this password or none, and the name of the
    /// account that waited in it, which is erased; empty where nobody was erased.
    Optional<User> proven(EmailAddress proven, @Nullable String hashedPassword) {
        return erasures.of(proven).map(voter -> {
            users.lockedInMailbox(proven).ifPresent(this::giveWay);
            users.comeBack(voter, proven, hashedPassword);
            erasures.forget(voter);
            facts.publishEvent(new AccountOpened(voter, true, clock.instant()));
            return users.find(voter).orElseThrow();
        });
    }

    private void giveWay(User waiting) {
        if (waiting.emailVerified()) {
            throw new IllegalStateException("User %d has the mailbox of somebody erased"
                    .formatted(waiting.id().value()));
        }
        users.erase(waiting.id());
        sessions.endAll(waiting.id(), Ending.ADDRESS_PROVEN);
        facts.publishEvent(new AccountErased(waiting.id(), clock.instant()));
    }

    UserId orElseClaim(User waiting, EmailAddress proven, @Nullable String hashedPassword) {
        return proven(proven, hashedPassword).map(User::id).orElseGet(() -> {
            users.claim(waiting.id(), proven, hashedPassword);
            return waiting.id();
        });
    }
}
