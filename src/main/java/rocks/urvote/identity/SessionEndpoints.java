package rocks.urvote.identity;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Checks;
import rocks.urvote.web.ClientAddresses;
import rocks.urvote.web.JsonBody;
import rocks.urvote.web.Problem;
import rocks.urvote.web.Refuses;
import rocks.urvote.web.Slice;
import rocks.urvote.web.TokenCookies;
import tools.jackson.databind.json.JsonMapper;

@RestController
class SessionEndpoints {

    private final MailCode mailCode;
    private final SignIn signIn;
    private final RefreshSession refreshSession;
    private final SignOut signOut;
    private final Sessions sessions;
    private final Transactions transactions;
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
            Sessions sessions,
            Transactions transactions,
            SigningKeys keys,
            TokenCookies cookies,
            ClientAddresses addresses,
            JsonBody bodies,
            JsonMapper json) {
        this.mailCode = mailCode;
        this.signIn = signIn;
        this.refreshSession = refreshSession;
        this.signOut = signOut;
        this.sessions = sessions;
        this.transactions = transactions;
        this.keys = keys;
        this.cookies = cookies;
        this.addresses = addresses;
        this.bodies = bodies;
        this.json = json;
    }

    @Schema(name = "Session")
    public record Signed(
            String accessToken, String tokenType, long expiresIn, String refreshToken, AccountEndpoints.Me user) {

        static Signed of(SignIn.Entry entry, JsonMapper json) {
            var tokens = entry.tokens();
            return new Signed(
                    tokens.access(),
                    "Bearer",
                    tokens.accessAge().toSeconds(),
                    tokens.refresh(),
                    AccountEndpoints.Me.of(entry.user(), json));
        }
    }

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
    @Refuses({"401 invalid_credentials", "401 second_factor_required", "429 rate_limited"})
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

    /// Where the caller is signed in: the program or browser, and the country it signed in from, as far as they are
    /// known.
    @Schema(name = "SignedInPlace")
    public record Place(
            UUID id,
            String device,
            @Nullable String userAgent,
            @Nullable String countryCode,
            Instant startedAt,
            Instant lastSeen,
            boolean current) {}

    /// At most fifty: those seen last.
    @GetMapping("/api/v1/me/sessions")
    Slice<Place> mySessions(Caller caller) {
        var places = transactions.as(Acting.SIGN_IN, () -> sessions.places(caller.user())).stream()
                .map(place -> new Place(
                        place.id(),
                        Browser.named(place.userAgent()),
                        place.userAgent(),
                        place.countryCode(),
                        place.startedAt(),
                        place.lastSeen(),
                        place.id().equals(caller.session())))
                .toList();
        return new Slice<>(places, null);
    }

    @DeleteMapping("/api/v1/me/sessions/{session}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Refuses({"404 not_found"})
    void endMySession(Caller caller, @PathVariable UUID session) {
        if (!signOut.endOwn(caller.user(), session)) {
            throw Problem.notFound().raised();
        }
    }

    /// All but the one that asks.
    @DeleteMapping("/api/v1/me/sessions")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void endMyOtherSessions(Caller caller) {
        signOut.endOthers(caller.user(), caller.session());
    }

    @GetMapping("/.well-known/jwks.json")
    ResponseEntity<Map<String, Object>> keys() {
        return ResponseEntity.ok()
                .cacheControl(
                        CacheControl.maxAge(java.time.Duration.ofMinutes(1)).cachePublic())
                .body(keys.all().toJSONObject(true));
    }

    private Signed signed(SignIn.Entry entry, HttpServletResponse response) {
        cookies.set(response, entry.tokens());
        return Signed.of(entry, json);
    }
}
