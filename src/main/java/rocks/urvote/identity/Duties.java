package rocks.urvote.identity;

import rocks.urvote.kernel.UserId;

/// What else depends on somebody's account, asked of the module that knows.
public interface Duties {

    /// Whether they are owner of any client.
    boolean ownsAClient(UserId user);
}
