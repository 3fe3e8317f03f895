package rocks.urvote.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.UserId;

/// Reads access tokens (JWT, RFC 7519, signed with ES256). Once verified, a token is remembered until it runs out.
@Component
final class AccessTokenReader implements Presence {

    /// A token with what it says takes about a kilobyte: all of them together a sixteenth of the memory at most.
    private static final long MOST = Math.max(10_000, Runtime.getRuntime().maxMemory() / 1024 / 16);

    private final AccessTokens tokens;
    private final Clock clock;
    private final JwtDecoder decoder;
    private final Cache<String, Caller> verified;

    AccessTokenReader(AccessTokens tokens, Clock clock) {
        this.tokens = tokens;
        this.clock = clock;
        this.decoder = decoder(tokens, clock);
        this.verified = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfter(Expiry.<String, Caller>creating(
                        (token, read) -> Duration.between(clock.instant(), read.until())))
                .build();
    }

    /// The caller a token speaks for; empty when it is forged, has run out, or its session was ended.
    Optional<Caller> read(String token) {
        var read = verified.getIfPresent(token);
        if (read == null) {
            try {
                read = verified(decoder.decode(token));
            } catch (JwtException | IllegalArgumentException e) {
                return Optional.empty();
            }
            verified.put(token, read);
        }
        return isStillIn(read) ? Optional.of(read) : Optional.empty();
    }

    @Override
    public boolean isStillIn(Caller caller) {
        return caller.until().isAfter(clock.instant()) && !tokens.ended(caller.session());
    }

    private static Caller verified(Jwt jwt) {
        var expires = jwt.getExpiresAt();
        if (expires == null) {
            throw new IllegalArgumentException("A token says when it ends");
        }
        return new Caller(
                new UserId(Long.parseLong(jwt.getSubject())),
                UUID.fromString(jwt.getClaimAsString("sid")),
                Objects.requireNonNullElse(jwt.getClaimAsString("preferred_username"), ""),
                Boolean.TRUE.equals(jwt.getClaimAsBoolean("email_verified")),
                Boolean.TRUE.equals(jwt.getClaimAsBoolean("admin")),
                Boolean.TRUE.equals(jwt.getClaimAsBoolean("second_factor_missing")),
                expires);
    }

    private static JwtDecoder decoder(AccessTokens tokens, Clock clock) {
        var processor = new DefaultJWTProcessor<SecurityContext>();
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(
                JWSAlgorithm.ES256, (selector, context) -> selector.select(tokens.keys())));
        processor.setJWTClaimsSetVerifier((claims, context) -> {});
        var decoder = new NimbusJwtDecoder(processor);
        var times = new JwtTimestampValidator(Duration.ofSeconds(2));
        times.setClock(clock);
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(times, new JwtIssuerValidator("urvote")));
        return decoder;
    }
}
