package rocks.urvote.identity;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rocks.urvote.kernel.EmailAddress;

/// The mails this node could not deliver yet, and those it gave up. What is in them stays with the one they go to.
public interface WaitingMails {

    /// One mail. When it is tried `next` is missing where it was given up.
    record Waiting(
            EmailAddress to,
            String subject,
            int tries,
            @Nullable Instant next,
            @Nullable String lastFailure) {}

    /// The oldest first.
    List<Waiting> waiting();

    /// Tries all of them again now, and tells how many that are.
    int retry();
}
