package rocks.urvote.identity;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Checks;
import rocks.urvote.web.ClientAddresses;
import rocks.urvote.web.Problem;
import rocks.urvote.web.Refuses;
import rocks.urvote.web.TokenCookies;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@RestController
@RequestMapping("/api/v1")
class AccountEndpoints {

    private final SignUp signUp;
    private final VerifyEmail verifyEmail;
    private final ResetPassword resetPassword;
    private final EditMyself editMyself;
    private final ExportMyself exportMyself;
    private final EraseMyself eraseMyself;
    private final Transactions transactions;
    private final Users users;
    private final ClientAddresses addresses;
    private final TokenCookies cookies;
    private final JsonMapper json;

    AccountEndpoints(
            SignUp signUp,
            VerifyEmail verifyEmail,
            ResetPassword resetPassword,
            EditMyself editMyself,
            ExportMyself exportMyself,
            EraseMyself eraseMyself,
            Transactions transactions,
            Users users,
            ClientAddresses addresses,
            TokenCookies cookies,
            JsonMapper json) {
        this.signUp = signUp;
        this.verifyEmail = verifyEmail;
        this.resetPassword = resetPassword;
        this.editMyself = editMyself;
        this.exportMyself = exportMyself;
        this.eraseMyself = eraseMyself;
        this.transactions = transactions;
        this.users = users;
        this.addresses = addresses;
        this.cookies = cookies;
        this.json = json;
    }

    /// A user as they see themselves.
    @Schema(name = "User")
    public record Me(
            UserId id,
            EmailAddress email,
            String username,
            boolean emailVerified,
            boolean isAdmin,
            Instant createdAt,
            @Nullable Instant lastLogin,
            JsonNode profileData) {

        static Me of(User user, JsonMapper json) {
            return new Me(
                    user.id(),
                    user.email(),
                    user.username(),
                    user.emailVerified(),
                    user.isAdmin(),
                    user.createdAt(),
                    user.lastLogin(),
                    json.readTree(user.profileData()));
        }
    }

    @Schema(name = "EmailVerification", requiredProperties = "token")
    public record Proof(@Nullable String token) {}

    @PostMapping("/users")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Refuses({"409 username_taken", "429 rate_limited"})
    void signUp(@RequestBody SignUp.Wanted wanted, HttpServletRequest request) {
        signUp.signUp(wanted, addresses.of(request));
    }

    @PostMapping("/email-verifications")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Refuses({"410 token_gone"})
    void verifyEmail(@RequestBody Proof proof, Optional<Caller> caller) {
        var checks = Checks.start();
        var token = checks.line("token", proof.token(), 200);
        checks.orRaise();
        if (!verifyEmail.verify(token, caller.map(Caller::session))) {
            throw gone().raised();
        }
    }

    @PostMapping("/password-resets")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Refuses({"429 rate_limited"})
    void mailPasswordReset(@RequestBody ResetPassword.Wanted wanted, HttpServletRequest request) {
        resetPassword.mail(wanted, addresses.of(request));
    }

    @PutMapping("/password-resets/{token}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Refuses({"410 token_gone"})
    void resetPassword(@PathVariable String token, @RequestBody ResetPassword.Replacement replacement) {
        if (!resetPassword.set(token, replacement)) {
            throw gone().raised();
        }
    }

    @GetMapping("/me")
    Me me(Caller caller) {
        return transactions
                .as(Acting.user(caller.user()), () -> users.find(caller.user()))
                .map(user -> Me.of(user, json))
                .orElseThrow(() -> Problem.signInRequired().raised());
    }

    @PatchMapping("/me")
    @Refuses({"409 username_taken"})
    Me changeMe(Caller caller, @Schema(implementation = EditMyself.Editable.class) @RequestBody ObjectNode patch) {
        return Me.of(editMyself.edit(caller.user(), patch), json);
    }

    /// All that is held about whoever asks, as a file.
    @GetMapping("/me/export")
    @ApiResponse(
            responseCode = "200",
            content = @Content(mediaType = "application/json", schema = @Schema(type = "object")))
    @Refuses({"429 rate_limited"})
    void exportMe(Caller caller, @Parameter(hidden = true) HttpServletResponse response) throws IOException {
        exportMyself.begin(caller.user());
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                "attachment; filename=\"urvote-%d.json\""
                        .formatted(caller.user().value()));
        exportMyself.write(caller.user(), response.getOutputStream());
    }

    @DeleteMapping("/me")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Refuses({"409 last_admin", "409 last_owner"})
    void eraseMe(Caller caller, @Parameter(hidden = true) HttpServletResponse response) {
        eraseMyself.erase(caller.user());
        cookies.clear(response);
    }

    static Problem gone() {
        return Problem.of(HttpStatus.GONE, "token_gone", "This link was used before, or is too old.");
    }
}
