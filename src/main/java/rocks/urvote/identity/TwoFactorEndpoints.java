package rocks.urvote.identity;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.web.Caller;
import rocks.urvote.web.ClientAddresses;
import rocks.urvote.web.Problem;
import rocks.urvote.web.Refuses;
import rocks.urvote.web.Slice;
import rocks.urvote.web.TokenCookies;
import tools.jackson.databind.json.JsonMapper;

@RestController
class TwoFactorEndpoints {

    private final SetUpTwoFactor setUp;
    private final SecondStep secondStep;
    private final SecondFactors factors;
    private final Passkeys passkeys;
    private final UsePasskeys usePasskeys;
    private final RefreshSession refreshSession;
    private final TwoFactor twoFactor;
    private final Users users;
    private final Transactions transactions;
    private final TokenCookies cookies;
    private final ClientAddresses addresses;
    private final JsonMapper json;

    TwoFactorEndpoints(
            SetUpTwoFactor setUp,
            SecondStep secondStep,
            SecondFactors factors,
            Passkeys passkeys,
            UsePasskeys usePasskeys,
            RefreshSession refreshSession,
            TwoFactor twoFactor,
            Users users,
            Transactions transactions,
            TokenCookies cookies,
            ClientAddresses addresses,
            JsonMapper json) {
        this.setUp = setUp;
        this.secondStep = secondStep;
        this.factors = factors;
        this.passkeys = passkeys;
        this.usePasskeys = usePasskeys;
        this.refreshSession = refreshSession;
        this.twoFactor = twoFactor;
        this.users = users;
        this.transactions = transactions;
        this.cookies = cookies;
        this.addresses = addresses;
        this.json = json;
    }

    /// What the caller has set up, and whether they must.
    @Schema(name = "TwoFactor")
    public record State(boolean required, List<String> methods, int recoveryCodesLeft) {}

    @Schema(name = "TotpCode", requiredProperties = "code")
    public record Code(@Nullable String code) {}

    /// Shown once; empty where the caller has codes already.
    @Schema(name = "RecoveryCodes")
    public record Codes(List<String> recoveryCodes) {}

    @PostMapping("/api/v1/sessions/second-step")
    @ResponseStatus(HttpStatus.CREATED)
    @Refuses({"401 invalid_credentials", "429 rate_limited"})
    SessionEndpoints.Signed takeSecondStep(
            @RequestBody SecondStep.Shown shown, HttpServletRequest request, HttpServletResponse response) {
        var from = new SignIn.From(addresses.of(request), request.getHeader(HttpHeaders.USER_AGENT));
        var entry = secondStep.take(shown, from);
        cookies.set(response, entry.tokens());
        return SessionEndpoints.Signed.of(entry, json);
    }

    @GetMapping("/api/v1/me/two-factor")
    State twoFactor(Caller caller) {
        return transactions.as(Acting.user(caller.user()), () -> {
            var user = users.find(caller.user())
                    .orElseThrow(() -> Problem.signInRequired().raised());
            return new State(
                    twoFactor.mustHave(user),
                    factors.of(caller.user()).stream()
                            .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                            .toList(),
                    factors.recoveryCodesLeft(caller.user()));
        });
    }

    @PostMapping("/api/v1/me/two-factor/totp")
    @Refuses({"403 fresh_sign_in_required", "409 second_factor_exists"})
    SetUpTwoFactor.Begun beginTotp(Caller caller) {
        return setUp.begin(caller);
    }

    @PutMapping("/api/v1/me/two-factor/totp")
    @Refuses({"403 fresh_sign_in_required", "404 not_found", "429 rate_limited"})
    Codes confirmTotp(Caller caller, @RequestBody Code code) {
        return new Codes(setUp.confirm(caller, code.code()));
    }

    @DeleteMapping("/api/v1/me/two-factor/totp")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Refuses({"403 fresh_sign_in_required", "404 not_found"})
    void removeTotp(Caller caller) {
        setUp.removeTotp(caller);
    }

    @PostMapping("/api/v1/me/two-factor/recovery-codes")
    @Refuses({"403 fresh_sign_in_required", "404 not_found"})
    Codes makeRecoveryCodes(Caller caller) {
        return new Codes(setUp.newRecoveryCodes(caller));
    }

    /// A passkey as its owner sees it.
    @Schema(name = "Passkey")
    public record Key(
            String id,
            String name,
            Instant createdAt,
            @Nullable Instant lastUsedAt) {}

    @GetMapping("/api/v1/me/passkeys")
    Slice<Key> myPasskeys(Caller caller) {
        var keys = transactions.as(Acting.user(caller.user()), () -> passkeys.of(caller.user()));
        return new Slice<>(
                keys.stream()
                        .map(key -> new Key(key.id(), key.name(), key.createdAt(), key.lastUsedAt()))
                        .toList(),
                null);
    }

    @PostMapping("/api/v1/me/passkeys/options")
    @Refuses({"403 fresh_sign_in_required"})
    Map<String, Object> askForPasskey(Caller caller) {
        return usePasskeys.optionsToAdd(caller);
    }

    /// Browsers are given tokens that say that nothing is missing any more.
    @PostMapping("/api/v1/me/passkeys")
    @Refuses({"403 fresh_sign_in_required"})
    Codes addPasskey(
            Caller caller,
            @RequestBody UsePasskeys.Wanted wanted,
            HttpServletRequest request,
            HttpServletResponse response) {
        var codes = new Codes(usePasskeys.add(caller, wanted));
        cookies.refresh(request).flatMap(refreshSession::withCookie).ifPresent(tokens -> cookies.set(response, tokens));
        return codes;
    }

    @DeleteMapping("/api/v1/me/passkeys/{passkey}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Refuses({"403 fresh_sign_in_required", "404 not_found"})
    void removePasskey(Caller caller, @PathVariable String passkey) {
        usePasskeys.remove(caller, passkey);
    }

    @Schema(name = "SecondStepToken")
    public record Token(@Nullable String secondStep) {}

    /// The token of the second step comes with the body, or as the cookie browsers have.
    @PostMapping("/api/v1/sessions/second-step/passkey-options")
    @Refuses({"401 invalid_credentials"})
    Map<String, Object> askPasskey(@RequestBody Token token, HttpServletRequest request) {
        return usePasskeys.optionsToSignIn(token(token.secondStep(), request));
    }

    @PostMapping("/api/v1/sessions/second-step/passkey")
    @ResponseStatus(HttpStatus.CREATED)
    @Refuses({"401 invalid_credentials", "429 rate_limited"})
    SessionEndpoints.Signed signInWithPasskey(
            @RequestBody UsePasskeys.Shown shown, HttpServletRequest request, HttpServletResponse response) {
        var from = new SignIn.From(addresses.of(request), request.getHeader(HttpHeaders.USER_AGENT));
        var answer = new UsePasskeys.Shown(token(shown.secondStep(), request), shown.credential());
        var entry = usePasskeys.signIn(answer, from);
        cookies.clearSecondStep(response);
        cookies.set(response, entry.tokens());
        return SessionEndpoints.Signed.of(entry, json);
    }

    private @Nullable String token(@Nullable String given, HttpServletRequest request) {
        return given != null ? given : cookies.secondStep(request).orElse(null);
    }
}
