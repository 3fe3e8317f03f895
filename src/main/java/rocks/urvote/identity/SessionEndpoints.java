package rocks.urvote.identity;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Checks;
import rocks.urvote.web.ClientAddresses;
import rocks.urvote.web.JsonBody;
import rocks.urvote.web.Problem;
import rocks.urvote.web.Refuses;
import rocks.urvote.web.TokenCookies;
import tools.jackson.databind.json.JsonMapper;

@RestController
class SessionEndpoints {

    private final MailCode mailCode;
    private final SignIn signIn;
    private final RefreshSession refreshSession;
    private final SignOut signOut;
    private final SigningKeys keys;
    private final TokenCookies cookies;
    private final ClientAddresses addresses;
    private final JsonBody bodies;
    private final JsonMapper json;

    SessionEndpoints(
            MailCode mailCode,
            SignIn signIn,
            RefreshSession refreshSession,
            SignOut signOut,
            SigningKeys keys,
            TokenCookies cookies,
            ClientAddresses addresses,
            JsonBody bodies,
            JsonMapper json) {
        this.mailCode = mailCode;
        this.signIn = signIn;
        this.refreshSession = refreshSession;
        this.signOut = signOut;
        this.keys = keys;
        this.cookies = cookies;
        this.addresses = addresses;
        this.bodies = bodies;
        this.json = json;
    }

    @Schema(name = "Session")
    public record Signed(
            String accessToken, String tokenType, long expiresIn, String refreshToken, AccountEndpoints.Me user) {}

    @Schema(name = "SessionRefresh")
    public record Refresh(@Nullable String refreshToken) {}

    @PostMapping("/api/v1/sign-in-codes")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Refuses({"429 rate_limited"})
    void mailSignInCode(@RequestBody MailCode.Wanted wanted, HttpServletRequest request) {
        mailCode.mail(wanted, addresses.of(request));
    }

    @PostMapping("/api/v1/sessions")
    @ResponseStatus(HttpStatus.CREATED)
    @Refuses({"401 invalid_credentials", "429 rate_limited"})
    Signed signIn(@RequestBody SignIn.Shown shown, HttpServletRequest request, HttpServletResponse response) {
        var from = new SignIn.From(addresses.of(request), request.getHeader(HttpHeaders.USER_AGENT));
        return signed(signIn.signIn(shown, from), response);
    }

    @PostMapping("/api/v1/sessions/refresh")
    @ResponseStatus(HttpStatus.CREATED)
    @Refuses({"401 invalid_credentials", "401 sign_in_required"})
    Signed refreshSession(
            @Schema(implementation = Refresh.class) @RequestBody(required = false) byte @Nullable [] body,
            HttpServletRequest request,
            HttpServletResponse response) {
        var given = bodies.read(request.getContentType(), body, Refresh.class).map(Refresh::refreshToken);
        if (given.isPresent()) {
            var checks = Checks.start();
            var token = checks.line("refresh_token", given.get(), 200);
            checks.orRaise();
            return signed(
                    refreshSession
                            .fromBody(token)
                            .orElseThrow(() -> SignIn.refused().raised()),
                    response);
        }
        var shown = cookies.refresh(request)
                .orElseThrow(() -> Problem.signInRequired().raised());
        return signed(
                refreshSession.fromCookie(shown).orElseThrow(() -> {
                    cookies.clear(response);
                    return SignIn.refused().raised();
                }),
                response);
    }

    @DeleteMapping("/api/v1/sessions/current")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void signOut(Optional<Caller> caller, HttpServletRequest request, HttpServletResponse response) {
        var known = caller.isPresent();
        caller.ifPresent(who -> signOut.end(who.session()));
        if (!known) {
            known = cookies.refresh(request).map(signOut::endOf).orElse(false);
        }
        cookies.clear(response);
        if (!known) {
            throw Problem.signInRequired().raised();
        }
    }

    @GetMapping("/.well-known/jwks.json")
    ResponseEntity<Map<String, Object>> keys() {
        return ResponseEntity.ok()
                .cacheControl(
                        CacheControl.maxAge(java.time.Duration.ofMinutes(1)).cachePublic())
                .body(keys.all().toJSONObject(true));
    }

    private Signed signed(SignIn.Entry entry, HttpServletResponse response) {
        var tokens = entry.tokens();
        cookies.set(response, tokens);
        return new Signed(
                tokens.access(),
                "Bearer",
                tokens.accessAge().toSeconds(),
                tokens.refresh(),
                AccountEndpoints.Me.of(entry.user(), json));
    }
}
