package rocks.urvote.identity;

import io.nayuki.qrcodegen.QrCode;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import rocks.urvote.identity.SecondFactors.Kind;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.web.Caller;
import rocks.urvote.web.ClientAddresses;
import rocks.urvote.web.Form;
import rocks.urvote.web.Page;
import rocks.urvote.web.Problem;
import rocks.urvote.web.TokenCookies;

/// The second step of a sign-in, and one's own second factors.
@RestController
class TwoFactorPages {

    private final SetUpTwoFactor setUp;
    private final SecondStep secondStep;
    private final SecondFactors factors;
    private final Passkeys passkeys;
    private final UsePasskeys usePasskeys;
    private final TwoFactor twoFactor;
    private final RefreshSession refreshSession;
    private final Users users;
    private final Transactions transactions;
    private final TokenCookies cookies;
    private final ClientAddresses addresses;

    TwoFactorPages(
            SetUpTwoFactor setUp,
            SecondStep secondStep,
            SecondFactors factors,
            Passkeys passkeys,
            UsePasskeys usePasskeys,
            TwoFactor twoFactor,
            RefreshSession refreshSession,
            Users users,
            Transactions transactions,
            TokenCookies cookies,
            ClientAddresses addresses) {
        this.setUp = setUp;
        this.secondStep = secondStep;
        this.factors = factors;
        this.passkeys = passkeys;
        this.usePasskeys = usePasskeys;
        this.twoFactor = twoFactor;
        this.refreshSession = refreshSession;
        this.users = users;
        this.transactions = transactions;
        this.cookies = cookies;
        this.addresses = addresses;
    }

    /// Asks for what somebody shows besides password or code.
    public record EnterSecondStep(Form form, String next, boolean app, boolean passkey) implements Page {}

    @GetMapping("/sign-in/second-step")
    ResponseEntity<Page> enterSecondStep(
            @RequestParam(required = false) @Nullable String next, HttpServletRequest request) {
        var path = NextPage.of(next).path();
        return page(request, path, Form.BLANK)
                .map(page -> page.with(HttpStatus.OK))
                .orElseGet(() -> Page.redirect("/sign-in"));
    }

    @PostMapping("/sign-in/second-step")
    ResponseEntity<Page> takeSecondStep(
            @RequestParam(required = false) @Nullable String code,
            @RequestParam(required = false) @Nullable String next,
            HttpServletRequest request,
            HttpServletResponse response) {
        var path = NextPage.of(next).path();
        var token = cookies.secondStep(request).orElse("");
        try {
            var from = new SignIn.From(addresses.of(request), request.getHeader(HttpHeaders.USER_AGENT));
            var entry = secondStep.take(new SecondStep.Shown(token, code), from);
            cookies.clearSecondStep(response);
            cookies.set(response, entry.tokens());
            return Page.redirect(path);
        } catch (Problem.Raised no) {
            var wrong = no.problem().status() == HttpStatus.UNAUTHORIZED
                    ? Problem.invalid("code", "is not the one the app shows now, or was used before")
                    : no.problem();
            return page(request, path, Form.BLANK.refused(wrong))
                    .map(page -> page.with(wrong.status()))
                    .orElseGet(() -> {
                        cookies.clearSecondStep(response);
                        return Page.redirect(
                                "/sign-in", "That took too long, or too many tries. Please sign in again.");
                    });
        }
    }

    private Optional<EnterSecondStep> page(HttpServletRequest request, String next, Form form) {
        return cookies.secondStep(request)
                .flatMap(secondStep::look)
                .map(kinds -> new EnterSecondStep(form, next, kinds.contains(Kind.TOTP), kinds.contains(Kind.PASSKEY)));
    }

    /// One's own second factors.
    public record MyTwoFactor(boolean required, boolean fresh, boolean app, List<Key> passkeys, int recoveryCodesLeft)
            implements Page {

        public record Key(
                String id,
                String name,
                Instant since,
                @Nullable Instant lastUsed) {}

        public boolean any() {
            return app || !passkeys.isEmpty();
        }
    }

    @GetMapping("/me/two-factor")
    MyTwoFactor twoFactor(Caller caller) {
        var fresh = setUp.isFresh(caller);
        return transactions.as(Acting.user(caller.user()), () -> {
            var user = users.find(caller.user())
                    .orElseThrow(() -> Problem.signInRequired().raised());
            return new MyTwoFactor(
                    twoFactor.mustHave(user),
                    fresh,
                    factors.of(caller.user()).contains(Kind.TOTP),
                    passkeys.of(caller.user()).stream()
                            .map(key -> new MyTwoFactor.Key(key.id(), key.name(), key.createdAt(), key.lastUsedAt()))
                            .toList(),
                    factors.recoveryCodesLeft(caller.user()));
        });
    }

    /// A secret as a picture for an app, and as text for those who type.
    public record NewApp(Form form, String secret, String uri, String picture, int size) implements Page {}

    @PostMapping("/me/two-factor/app")
    ResponseEntity<Page> beginApp(Caller caller) {
        setUp.begin(caller);
        return Page.redirect("/me/two-factor/app");
    }

    @GetMapping("/me/two-factor/app")
    ResponseEntity<Page> newApp(Caller caller) {
        try {
            return newApp(caller, Form.BLANK).with(HttpStatus.OK);
        } catch (Problem.Raised gone) {
            return Page.redirect("/me/two-factor");
        }
    }

    /// Shown once.
    public record RecoveryCodes(List<String> codes) implements Page {}

    @PostMapping("/me/two-factor/app/confirmation")
    ResponseEntity<Page> confirmApp(
            Caller caller,
            @RequestParam(required = false) @Nullable String code,
            HttpServletRequest request,
            HttpServletResponse response) {
        try {
            var codes = setUp.confirm(caller, code);
            refresh(request, response);
            return codes.isEmpty()
                    ? Page.redirect("/me/two-factor", "Your app is set up.")
                    : new RecoveryCodes(codes).with(HttpStatus.OK);
        } catch (Problem.Raised no) {
            if (no.problem().status() != HttpStatus.UNPROCESSABLE_CONTENT) {
                throw no;
            }
            return newApp(caller, Form.BLANK.refused(no.problem()))
                    .with(no.problem().status());
        }
    }

    @PostMapping("/me/two-factor/app/removal")
    ResponseEntity<Page> removeApp(Caller caller, HttpServletRequest request, HttpServletResponse response) {
        setUp.removeTotp(caller);
        refresh(request, response);
        return Page.redirect("/me/two-factor", "Your app is not asked for any more.");
    }

    @PostMapping("/me/passkeys/{passkey}/removal")
    ResponseEntity<Page> removePasskey(
            Caller caller, @PathVariable String passkey, HttpServletRequest request, HttpServletResponse response) {
        usePasskeys.remove(caller, passkey);
        refresh(request, response);
        return Page.redirect("/me/two-factor", "The passkey is good for nothing any more.");
    }

    @PostMapping("/me/two-factor/recovery-codes")
    ResponseEntity<Page> newRecoveryCodes(Caller caller) {
        return new RecoveryCodes(setUp.newRecoveryCodes(caller)).with(HttpStatus.OK);
    }

    private NewApp newApp(Caller caller, Form form) {
        var begun = setUp.begun(caller);
        var code = QrCode.encodeText(begun.uri(), QrCode.Ecc.MEDIUM);
        var picture = new StringBuilder();
        for (int y = 0; y < code.size; y++) {
            for (int x = 0; x < code.size; x++) {
                if (code.getModule(x, y)) {
                    picture.append("M%d %dh1v1h-1z".formatted(x + 4, y + 4));
                }
            }
        }
        var spaced = begun.secret().replaceAll("(.{4})(?!$)", "$1 ");
        return new NewApp(form, spaced, begun.uri(), picture.toString(), code.size + 8);
    }

    /// Tokens say whether a second factor is still to be set up: those of this browser shall say so no longer.
    private void refresh(HttpServletRequest request, HttpServletResponse response) {
        cookies.refresh(request).flatMap(refreshSession::withCookie).ifPresent(tokens -> cookies.set(response, tokens));
    }
}
