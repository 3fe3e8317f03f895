package rocks.urvote.identity;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.web.Caller;
import rocks.urvote.web.ClientAddresses;
import rocks.urvote.web.Form;
import rocks.urvote.web.Page;
import rocks.urvote.web.Problem;
import rocks.urvote.web.TokenCookies;

/// One's own account: who one is, where one is signed in, and leaving for good.
@RestController
class MyAccountPages {

    private final EditMyself editMyself;
    private final VerifyEmail verifyEmail;
    private final RefreshSession refreshSession;
    private final SignOut signOut;
    private final ConfirmMyself confirmMyself;
    private final EraseMyself eraseMyself;
    private final Transactions transactions;
    private final Users users;
    private final Sessions sessions;
    private final TokenCookies cookies;
    private final ClientAddresses addresses;

    MyAccountPages(
            EditMyself editMyself,
            VerifyEmail verifyEmail,
            RefreshSession refreshSession,
            SignOut signOut,
            ConfirmMyself confirmMyself,
            EraseMyself eraseMyself,
            Transactions transactions,
            Users users,
            Sessions sessions,
            TokenCookies cookies,
            ClientAddresses addresses) {
        this.editMyself = editMyself;
        this.verifyEmail = verifyEmail;
        this.refreshSession = refreshSession;
        this.signOut = signOut;
        this.confirmMyself = confirmMyself;
        this.eraseMyself = eraseMyself;
        this.transactions = transactions;
        this.users = users;
        this.sessions = sessions;
        this.cookies = cookies;
        this.addresses = addresses;
    }

    public record MyAccount(Form form, EmailAddress email, boolean verified, Instant since, List<Place> places)
            implements Page {

        public record Place(UUID id, String browser, String country, Instant since, Instant lastSeen, boolean here) {}
    }

    @GetMapping("/me")
    MyAccount myAccount(Caller caller) {
        return myAccount(caller, null);
    }

    @PostMapping("/me")
    ResponseEntity<Page> rename(
            Caller caller,
            @RequestParam(required = false) @Nullable String username,
            HttpServletRequest request,
            HttpServletResponse response) {
        try {
            editMyself.rename(caller.user(), AccountPages.text(username));
        } catch (Problem.Raised no) {
            return myAccount(caller, AccountPages.refused(Map.of("username", AccountPages.text(username)), no))
                    .with(no.problem().status());
        }
        // Tokens carry the name: those of this browser shall carry the new one.
        cookies.refresh(request).flatMap(refreshSession::withCookie).ifPresent(tokens -> cookies.set(response, tokens));
        return Page.redirect("/me", "Saved.");
    }

    @PostMapping("/me/verification")
    ResponseEntity<Page> mailVerification(Caller caller, HttpServletRequest request) {
        verifyEmail.mailAgain(caller.user(), addresses.of(request));
        return Page.redirect(
                "/me",
                "If a link can verify your address, a new one is on its way. Signing in by code verifies it too.");
    }

    @PostMapping("/me/sessions/{session}/end")
    ResponseEntity<Page> endSession(Caller caller, @PathVariable UUID session) {
        signOut.endOwn(caller.user(), session);
        return Page.redirect("/me", "Signed out there.");
    }

    @PostMapping("/me/sessions/end")
    ResponseEntity<Page> endOtherSessions(Caller caller) {
        signOut.endOthers(caller.user(), caller.session());
        return Page.redirect("/me", "Signed out everywhere else.");
    }

    /// Says what it means to be erased, and asks for the password or a code.
    public record Erasure(Form form, EmailAddress email, boolean hasPassword) implements Page {}

    @GetMapping("/me/erasure")
    Erasure askForErasure(Caller caller) {
        return erasure(caller, Form.BLANK);
    }

    @PostMapping("/me/erasure/code")
    ResponseEntity<Page> mailErasureCode(Caller caller, HttpServletRequest request) {
        try {
            confirmMyself.mailCode(caller.user(), addresses.of(request));
            return Page.redirect("/me/erasure", "A code is on its way to your mailbox.");
        } catch (Problem.Raised no) {
            return erasure(caller, Form.BLANK.refused(no.problem()))
                    .with(no.problem().status());
        }
    }

    @PostMapping("/me/erasure")
    ResponseEntity<Page> erase(
            Caller caller,
            @RequestParam(required = false) @Nullable String password,
            @RequestParam(required = false) @Nullable String code,
            HttpServletRequest request,
            HttpServletResponse response) {
        try {
            confirmMyself.confirm(
                    caller.user(), AccountPages.text(password), AccountPages.text(code), addresses.of(request));
            eraseMyself.erase(caller.user());
        } catch (Problem.Raised no) {
            return erasure(caller, Form.BLANK.refused(no.problem()))
                    .with(no.problem().status());
        }
        cookies.clear(response);
        return Page.redirect(
                "/", "Your account is erased. Your votes stay counted, and nobody can tell whose they were.");
    }

    private Erasure erasure(Caller caller, Form form) {
        var user = transactions
                .as(Acting.user(caller.user()), () -> users.find(caller.user()))
                .orElseThrow(() -> Problem.signInRequired().raised());
        return new Erasure(form, user.email(), user.hashedPassword() != null);
    }

    private MyAccount myAccount(Caller caller, @Nullable Form refused) {
        var user = transactions
                .as(Acting.user(caller.user()), () -> users.find(caller.user()))
                .orElseThrow(() -> Problem.signInRequired().raised());
        var places = transactions.as(Acting.SIGN_IN, () -> sessions.places(caller.user())).stream()
                .map(place -> new MyAccount.Place(
                        place.id(),
                        Browser.named(place.userAgent()),
                        Browser.country(place.countryCode()),
                        place.startedAt(),
                        place.lastSeen(),
                        place.id().equals(caller.session())))
                .toList();
        return new MyAccount(
                refused == null ? Form.of(Map.of("username", user.username())) : refused,
                user.email(),
                user.emailVerified(),
                user.createdAt(),
                places);
    }
}
