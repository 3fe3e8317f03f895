package rocks.urvote.identity;

import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.kernel.UserId;

/// Makes accounts for operators and demos: verified, and the same one again when it is there already.
public interface Accounts {

    UserId ensure(EmailAddress address, String username, String password, boolean admin);
}
