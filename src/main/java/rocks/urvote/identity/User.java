package rocks.urvote.identity;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.kernel.UserId;

/// One account.
record User(
        UserId id,
        EmailAddress email,
        String username,
        @Nullable String hashedPassword,
        boolean isActive,
        boolean isAdmin,
        boolean emailVerified,
        Instant createdAt,
        @Nullable Instant lastLogin,
        String profileData) {

    /// Where a mail goes for somebody who typed this address: to the address as typed where every spelling is known to
    /// reach one mailbox, else to the account's own. An address nobody has proven is nobody's own.
    EmailAddress reachedBy(EmailAddress typed) {
        return emailVerified && !typed.foldedForCertain() ? email : typed;
    }

    /// Without the hash.
    @Override
    public String toString() {
        return "User[id=%d]".formatted(id.value());
    }
}
