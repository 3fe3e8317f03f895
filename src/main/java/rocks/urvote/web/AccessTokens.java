package rocks.urvote.web;

import com.nimbusds.jose.jwk.JWKSet;
import java.util.UUID;

/// What the verification of access tokens needs from whoever issues them: the user service.
public interface AccessTokens {

    /// Every key that signs access tokens anywhere: one a node, public halves.
    JWKSet keys();

    /// Whether the session was ended (signed out, locked, erased) while tokens of it may still be about.
    boolean ended(UUID session);
}
