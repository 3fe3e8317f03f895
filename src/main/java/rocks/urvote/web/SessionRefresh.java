package rocks.urvote.web;

import java.util.Optional;

/// Goes on with a browser's session when its access token has run out.
public interface SessionRefresh {

    /// New tokens for a refresh token shown as a cookie; empty when the session is over.
    Optional<Tokens> withCookie(String refreshToken);
}
