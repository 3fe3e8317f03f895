package rocks.urvote.web;

import java.time.Instant;
import java.util.UUID;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.UserId;

/// The signed-in person a request comes from, as their access token says.
///
/// A handler that takes a `Caller` is for signed-in people (401 `sign_in_required` for others); one that takes an
/// `Optional<Caller>` is for everybody. Who must set up a second factor does that first: until then they come to
/// nothing else.
///
/// @param until when the token runs out
public record Caller(
        UserId user,
        UUID session,
        String username,
        boolean verified,
        boolean admin,
        boolean mustSetUpTwoFactor,
        Instant until) {

    /// As themselves: an admin sees everything.
    public Acting acting() {
        return admin ? Acting.admin(user) : Acting.user(user);
    }

    /// Leaves a handler that is for admins with 403 where this is none.
    public void mustBeAdmin() {
        if (!admin) {
            throw Problem.forbidden().raised();
        }
    }
}
