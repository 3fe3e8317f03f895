package rocks.urvote.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Clock;
import java.util.Date;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.EmailAddress;

/// Writes access tokens: a JWT signed with this node's key, good for a quarter of an hour unless set otherwise.
@Component
final class AccessTokenWriter {

    private static final String ISSUER = "urvote";

    /// Where anybody gets an address for nothing, as the folded address names them.
    private static final Set<String> FREE = Set.of(
            "gmail.com",
            "icloud.com",
            "proton.me",
            "yandex.ru",
            "outlook.com",
            "hotmail.com",
            "live.com",
            "yahoo.com",
            "aol.com",
            "gmx.de",
            "gmx.net",
            "web.de",
            "mail.ru",
            "qq.com",
            "163.com",
            "zoho.com");

    private final SigningKeys keys;
    private final IdentitySettings settings;
    private final Clock clock;

    AccessTokenWriter(SigningKeys keys, IdentitySettings settings, Clock clock) {
        this.keys = keys;
        this.settings = settings;
        this.clock = clock;
    }

    /// @param secondFactorMissing whether they must set one up before they may do anything else
    String write(User user, UUID session, boolean secondFactorMissing) {
        var key = keys.own();
        var now = clock.instant();
        var claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .subject(Long.toString(user.id().value()))
                .claim("sid", session.toString())
                .claim("preferred_username", user.username())
                .claim("email_verified", user.emailVerified())
                .claim("admin", user.isAdmin())
                .claim("second_factor_missing", secondFactorMissing ? true : null)
                .claim("account_since", user.createdAt().getEpochSecond())
                .claim("email_domain_class", domainClass(user.email()))
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(settings.accessTokenAge())))
                .build();
        var header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(JOSEObjectType.JWT)
                .keyID(key.getKeyID())
                .build();
        var token = new SignedJWT(header, claims);
        try {
            token.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("The signing key does not sign", e);
        }
        return token.serialize();
    }

    private static String domainClass(EmailAddress address) {
        var folded = address.folded();
        return FREE.contains(folded.substring(folded.lastIndexOf('@') + 1)) ? "free" : "other";
    }
}
