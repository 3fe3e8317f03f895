package rocks.urvote.identity;

import java.util.List;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.kernel.UserId;

/// Makes accounts for operators and demos: verified, and the same one again when it is there already.
public interface Accounts {

    UserId ensure(EmailAddress address, String username, String password, boolean admin);

    /// Many at once, in the order of their addresses: verified, without a password, named like their mailbox.
    /// Nothing of it is on record.
    List<UserId> ensureMany(List<EmailAddress> addresses);
}
