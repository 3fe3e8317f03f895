package rocks.urvote.identity;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
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
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.web.Caller;
import rocks.urvote.web.ClientAddresses;
import rocks.urvote.web.Form;
import rocks.urvote.web.Page;
import rocks.urvote.web.Problem;
import rocks.urvote.web.TokenCookies;

/// Signing up, in and out.
@RestController
class AccountPages {

    private final SignUp signUp;
    private final VerifyEmail verifyEmail;
    private final MailCode mailCode;
    private final SignIn signIn;
    private final SignOut signOut;
    private final RefreshSession refreshSession;
    private final ResetPassword resetPassword;
    private final TokenCookies cookies;
    private final ClientAddresses addresses;

    AccountPages(
            SignUp signUp,
            VerifyEmail verifyEmail,
            MailCode mailCode,
            SignIn signIn,
            SignOut signOut,
            RefreshSession refreshSession,
            ResetPassword resetPassword,
            TokenCookies cookies,
            ClientAddresses addresses) {
        this.signUp = signUp;
        this.verifyEmail = verifyEmail;
        this.mailCode = mailCode;
        this.signIn = signIn;
        this.signOut = signOut;
        this.refreshSession = refreshSession;
        this.resetPassword = resetPassword;
        this.cookies = cookies;
        this.addresses = addresses;
    }

    /// Asks for the address a code goes to.
    public record AskForCode(Form form, String next) implements Page {}

    @GetMapping("/sign-in")
    ResponseEntity<Page> askForCode(Optional<Caller> caller, @RequestParam(required = false) @Nullable String next) {
        var path = NextPage.of(next).path();
        return caller.isPresent() ? Page.redirect(path) : new AskForCode(Form.BLANK, path).with(HttpStatus.OK);
    }

    @PostMapping("/sign-in")
    ResponseEntity<Page> mailCode(
            @RequestParam(required = false) @Nullable String email,
            @RequestParam(required = false) @Nullable String next,
            HttpServletRequest request) {
        var path = NextPage.of(next).path();
        try {
            mailCode.mail(new MailCode.Wanted(email), addresses.of(request));
            return Page.redirect("/sign-in/code?email=%s&next=%s".formatted(encoded(email), encoded(path)));
        } catch (Problem.Raised no) {
            return new AskForCode(refused(Map.of("email", text(email)), no), path)
                    .with(no.problem().status());
        }
    }

    /// Asks for the code that was mailed.
    public record EnterCode(Form form, String next) implements Page {}

    @GetMapping("/sign-in/code")
    ResponseEntity<Page> enterCode(
            @RequestParam(required = false) @Nullable String email,
            @RequestParam(required = false) @Nullable String next) {
        var path = NextPage.of(next).path();
        return EmailAddress.parse(text(email)).isEmpty()
                ? Page.redirect("/sign-in?next=" + encoded(path))
                : new EnterCode(Form.of(Map.of("email", text(email))), path).with(HttpStatus.OK);
    }

    @PostMapping("/sign-in/code")
    ResponseEntity<Page> signInWithCode(
            @RequestParam(required = false) @Nullable String email,
            @RequestParam(required = false) @Nullable String code,
            @RequestParam(required = false) @Nullable String next,
            HttpServletRequest request,
            HttpServletResponse response) {
        var path = NextPage.of(next).path();
        try {
            return signIn(new SignIn.Shown(email, null, text(code)), path, request, response);
        } catch (Problem.Raised no) {
            var wrong = no.problem().status() == HttpStatus.UNAUTHORIZED
                    ? Problem.invalid("code", "is not the newest one we mailed, is too old, or was tried too often")
                    : no.problem();
            return new EnterCode(Form.of(Map.of("email", text(email))).refused(wrong), path).with(wrong.status());
        }
    }

    /// Asks for address and password.
    public record EnterPassword(Form form, String next) implements Page {}

    @GetMapping("/sign-in/password")
    ResponseEntity<Page> enterPassword(Optional<Caller> caller, @RequestParam(required = false) @Nullable String next) {
        var path = NextPage.of(next).path();
        return caller.isPresent() ? Page.redirect(path) : new EnterPassword(Form.BLANK, path).with(HttpStatus.OK);
    }

    @PostMapping("/sign-in/password")
    ResponseEntity<Page> signInWithPassword(
            @RequestParam(required = false) @Nullable String email,
            @RequestParam(required = false) @Nullable String password,
            @RequestParam(required = false) @Nullable String next,
            HttpServletRequest request,
            HttpServletResponse response) {
        var path = NextPage.of(next).path();
        try {
            return signIn(new SignIn.Shown(email, text(password), null), path, request, response);
        } catch (Problem.Raised no) {
            var wrong = no.problem().status() == HttpStatus.UNAUTHORIZED
                    ? Problem.of(
                            HttpStatus.UNPROCESSABLE_CONTENT,
                            "invalid_credentials",
                            "E-mail and password do not fit together")
                    : no.problem();
            return new EnterPassword(Form.of(Map.of("email", text(email))).refused(wrong), path).with(wrong.status());
        }
    }

    private ResponseEntity<Page> signIn(
            SignIn.Shown shown, String next, HttpServletRequest request, HttpServletResponse response) {
        var from = new SignIn.From(addresses.of(request), request.getHeader(HttpHeaders.USER_AGENT));
        try {
            cookies.set(response, signIn.signIn(shown, from).tokens());
            return Page.redirect(next);
        } catch (Problem.Raised no) {
            if (!no.problem().code().equals("second_factor_required")) {
                throw no;
            }
            var token = String.valueOf(no.problem().more().get("second_step"));
            cookies.setSecondStep(response, token, Duration.ofMinutes(10));
            return Page.redirect("/sign-in/second-step?next=" + encoded(next));
        }
    }

    @PostMapping("/sign-out")
    ResponseEntity<Page> signOut(
            Optional<Caller> caller,
            @RequestParam(required = false) @Nullable String next,
            HttpServletRequest request,
            HttpServletResponse response) {
        caller.ifPresentOrElse(
                who -> signOut.end(who.session()),
                () -> cookies.refresh(request).ifPresent(signOut::endOf));
        cookies.clear(response);
        return next == null
                ? Page.redirect("/", "You are signed out.")
                : Page.redirect("/sign-in?next=" + encoded(NextPage.of(next).path()));
    }

    /// Asks who somebody wants to be here.
    public record NewAccount(Form form) implements Page {}

    @GetMapping("/sign-up")
    ResponseEntity<Page> newAccount(Optional<Caller> caller) {
        return caller.isPresent() ? Page.redirect("/me") : new NewAccount(Form.BLANK).with(HttpStatus.OK);
    }

    @PostMapping("/sign-up")
    ResponseEntity<Page> signUp(
            @RequestParam(required = false) @Nullable String email,
            @RequestParam(required = false) @Nullable String username,
            @RequestParam(required = false) @Nullable String password,
            HttpServletRequest request) {
        try {
            signUp.signUp(new SignUp.Wanted(email, username, password), addresses.of(request));
            return Page.redirect("/sign-up/sent");
        } catch (Problem.Raised no) {
            var typed = Map.of("email", text(email), "username", text(username));
            return new NewAccount(refused(typed, no)).with(no.problem().status());
        }
    }

    /// Sends people to their mail.
    public record MailSent(boolean toReset) implements Page {}

    @GetMapping("/sign-up/sent")
    MailSent verificationSent() {
        return new MailSent(false);
    }

    /// Asks for a click, as programs follow links in mails but do not press buttons.
    public record ConfirmAddress(
            String token,
            @Nullable EmailAddress address,
            @Nullable String username) implements Page {}

    @GetMapping("/verify")
    ResponseEntity<Page> confirmAddress(@RequestParam(required = false) @Nullable String token) {
        return verifyEmail
                .look(text(token))
                .map(user -> new ConfirmAddress(text(token), user.email(), user.username()).with(HttpStatus.OK))
                .orElseGet(() -> new ConfirmAddress("", null, null).with(HttpStatus.GONE));
    }

    @PostMapping("/verify")
    ResponseEntity<Page> verify(
            @RequestParam(required = false) @Nullable String token,
            Optional<Caller> caller,
            HttpServletRequest request,
            HttpServletResponse response) {
        if (!verifyEmail.verify(text(token), caller.map(Caller::session))) {
            return new ConfirmAddress("", null, null).with(HttpStatus.GONE);
        }
        // Tokens say whether the address is verified: those of this browser shall say so now.
        cookies.refresh(request).flatMap(refreshSession::withCookie).ifPresent(tokens -> cookies.set(response, tokens));
        return Page.redirect(caller.isPresent() ? "/me" : "/sign-in/password", "Your address is verified.");
    }

    /// Asks for the address a reset link goes to.
    public record AskForReset(Form form) implements Page {}

    @GetMapping("/reset")
    AskForReset askForReset() {
        return new AskForReset(Form.BLANK);
    }

    @PostMapping("/reset")
    ResponseEntity<Page> mailReset(@RequestParam(required = false) @Nullable String email, HttpServletRequest request) {
        try {
            resetPassword.mail(new ResetPassword.Wanted(email), addresses.of(request));
            return Page.redirect("/reset/sent");
        } catch (Problem.Raised no) {
            return new AskForReset(refused(Map.of("email", text(email)), no))
                    .with(no.problem().status());
        }
    }

    @GetMapping("/reset/sent")
    MailSent resetSent() {
        return new MailSent(true);
    }

    /// Asks for the new password; or says that the link is gone.
    public record NewPassword(Form form, String token, boolean good) implements Page {}

    @GetMapping("/reset/{token}")
    ResponseEntity<Page> newPassword(@PathVariable String token) {
        return resetPassword.isGood(token)
                ? new NewPassword(Form.BLANK, token, true).with(HttpStatus.OK)
                : new NewPassword(Form.BLANK, "", false).with(HttpStatus.GONE);
    }

    @PostMapping("/reset/{token}")
    ResponseEntity<Page> setPassword(
            @PathVariable String token,
            @RequestParam(required = false) @Nullable String password,
            HttpServletResponse response) {
        try {
            if (!resetPassword.set(token, new ResetPassword.Replacement(text(password)))) {
                return new NewPassword(Form.BLANK, "", false).with(HttpStatus.GONE);
            }
            cookies.clear(response);
            return Page.redirect("/sign-in/password", "Your new password is set. Sign in with it.");
        } catch (Problem.Raised no) {
            return new NewPassword(refused(Map.of(), no), token, true)
                    .with(no.problem().status());
        }
    }

    /// What belongs to a field stands there; a taken name belongs to the field of names.
    static Form refused(Map<String, String> typed, Problem.Raised no) {
        var problem = no.problem();
        return Form.of(typed)
                .refused(
                        problem.code().equals("username_taken")
                                ? Problem.invalid("username", "belongs to somebody already")
                                : problem);
    }

    static String text(@Nullable String parameter) {
        return Objects.requireNonNullElse(parameter, "");
    }

    private static String encoded(@Nullable String parameter) {
        return URLEncoder.encode(text(parameter).strip(), StandardCharsets.UTF_8);
    }
}
