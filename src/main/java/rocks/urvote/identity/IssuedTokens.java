package rocks.urvote.identity;

import com.nimbusds.jose.jwk.JWKSet;
import java.util.UUID;
import org.springframework.stereotype.Component;
import rocks.urvote.web.AccessTokens;

@Component
final class IssuedTokens implements AccessTokens {

    private final SigningKeys keys;
    private final EndedSessions ended;

    IssuedTokens(SigningKeys keys, EndedSessions ended) {
        this.keys = keys;
        this.ended = ended;
    }

    @Override
    public JWKSet keys() {
        return keys.all();
    }

    @Override
    public boolean ended(UUID session) {
        return ended.contains(session);
    }
}
