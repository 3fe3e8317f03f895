package rocks.urvote.identity;

import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import rocks.urvote.identity.SecondFactors.Kind;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Checks;
import rocks.urvote.web.Problem;
import tools.jackson.databind.JsonNode;

/// Passkeys as second factor: adding, removing, and signing in with them. Options and answers have the JSON form that
/// browsers give and take (`PublicKeyCredential.parse…FromJSON` and `toJSON`).
@Component
class UsePasskeys {

    private static final int MOST = 20;
    private static final long PATIENCE_MILLIS = 300_000;

    private final Transactions transactions;
    private final Users users;
    private final Passkeys passkeys;
    private final WebAuthn webAuthn;
    private final SetUpTwoFactor setUp;
    private final SecondSteps steps;
    private final SecondStep secondStep;
    private final Limits limits;

    UsePasskeys(
            Transactions transactions,
            Users users,
            Passkeys passkeys,
            WebAuthn webAuthn,
            SetUpTwoFactor setUp,
            SecondSteps steps,
            SecondStep secondStep,
            Limits limits) {
        this.transactions = transactions;
        this.users = users;
        this.passkeys = passkeys;
        this.webAuthn = webAuthn;
        this.setUp = setUp;
        this.steps = steps;
        this.secondStep = secondStep;
        this.limits = limits;
    }

    @Schema(
            name = "NewPasskey",
            requiredProperties = {"name", "credential"})
    public record Wanted(@Nullable String name, @Nullable JsonNode credential) {}

    @Schema(name = "PasskeySignIn", requiredProperties = "credential")
    public record Shown(
            @Nullable String secondStep, @Nullable JsonNode credential) {}

    /// What the browser is to make a key of.
    Map<String, Object> optionsToAdd(Caller caller) {
        setUp.mustBeFresh(caller);
        var challenge = Secrets.bytes();
        return transactions.as(Acting.user(caller.user()), () -> {
            passkeys.challenge(caller.user(), challenge);
            var user = users.find(caller.user())
                    .orElseThrow(() -> Problem.signInRequired().raised());
            return Map.of(
                    "rp", Map.of("id", webAuthn.relyingParty(), "name", "UrVote"),
                    "user",
                            Map.of(
                                    "id", handle(user.id()),
                                    "name", user.email().value(),
                                    "displayName", user.username()),
                    "challenge", Secrets.text(challenge),
                    "pubKeyCredParams",
                            WebAuthn.ALGORITHMS.stream()
                                    .map(algorithm -> Map.of("type", "public-key", "alg", algorithm))
                                    .toList(),
                    "timeout", PATIENCE_MILLIS,
                    "excludeCredentials", known(caller.user()),
                    "authenticatorSelection", Map.of("residentKey", "discouraged", "userVerification", "preferred"),
                    "attestation", "none");
        });
    }

    /// The recovery codes, where it is the first second factor.
    List<String> add(Caller caller, Wanted wanted) {
        setUp.mustBeFresh(caller);
        var checks = Checks.start();
        var name = checks.line("name", wanted.name(), 100);
        var credential = checks.required("credential", wanted.credential());
        checks.orRaise();
        transactions.as(Acting.user(caller.user()), () -> {
            if (passkeys.of(caller.user()).size() >= MOST) {
                throw Problem.invalid("credential", "is one more than the %d one may have".formatted(MOST))
                        .raised();
            }
        });
        // Used up whatever comes of it.
        var challenge = transactions.as(Acting.user(caller.user()), () -> passkeys.takeChallenge(caller.user()));
        var registered = challenge
                .flatMap(bytes -> webAuthn.registered(credential.orElseThrow().toString(), bytes))
                .orElseThrow(() -> Problem.invalid("credential", "does not answer what was asked last")
                        .raised());
        var codes = transactions.as(Acting.user(caller.user()), () -> {
            if (!passkeys.add(caller.user(), registered.id(), name, registered.credential(), registered.signCount())) {
                throw Problem.invalid("credential", "belongs to an account already")
                        .raised();
            }
            return setUp.added(caller.user(), Kind.PASSKEY);
        });
        setUp.tell(caller.user(), Kind.PASSKEY, true);
        return codes;
    }

    void remove(Caller caller, String id) {
        setUp.mustBeFresh(caller);
        transactions.as(Acting.user(caller.user()), () -> {
            if (!passkeys.remove(caller.user(), id)) {
                throw Problem.notFound().raised();
            }
            setUp.removed(caller.user(), Kind.PASSKEY);
        });
        setUp.tell(caller.user(), Kind.PASSKEY, false);
    }

    /// What a key of this account is to sign.
    Map<String, Object> optionsToSignIn(@Nullable String token) {
        var challenge = Secrets.bytes();
        return transactions.as(
                Acting.SIGN_IN,
                () -> steps.look(token == null ? "" : token)
                        .map(user -> {
                            steps.challenge(token == null ? "" : token, challenge);
                            return Map.<String, Object>of(
                                    "rpId", webAuthn.relyingParty(),
                                    "challenge", Secrets.text(challenge),
                                    "timeout", PATIENCE_MILLIS,
                                    "allowCredentials", known(user),
                                    "userVerification", "preferred");
                        })
                        .orElseThrow(() -> SignIn.refused().raised()));
    }

    SignIn.Entry signIn(Shown shown, SignIn.From from) {
        var checks = Checks.start();
        var token = checks.line("second_step", shown.secondStep(), 200);
        var credential = checks.required("credential", shown.credential());
        checks.orRaise();
        limits.beforeCode(from.address());
        var response = credential.orElseThrow().toString();
        var entry = transactions.as(
                Acting.SIGN_IN,
                () -> steps.tried(token)
                        .flatMap(waiting -> users.find(waiting.user())
                                .filter(User::isActive)
                                .filter(user -> proves(user.id(), response, waiting.challenge()))
                                .map(user -> secondStep.enter(user, token, from))));
        entry.ifPresent(_ -> limits.codeWasRight(from.address()));
        return entry.orElseThrow(() -> SignIn.refused().raised());
    }

    private boolean proves(UserId user, String response, byte @Nullable [] challenge) {
        var known = webAuthn.idOf(response).flatMap(id -> passkeys.find(user, id));
        return challenge != null
                && known.flatMap(key -> webAuthn.signed(response, challenge, key.credential(), key.signCount())
                                .filter(signed -> passkeys.used(user, key.id(), signed.signCount())))
                        .isPresent();
    }

    private List<Map<String, String>> known(UserId user) {
        return passkeys.of(user).stream()
                .map(key -> Map.of("type", "public-key", "id", key.id()))
                .toList();
    }

    private static String handle(UserId user) {
        return Secrets.text(
                ByteBuffer.allocate(Long.BYTES).putLong(user.value()).array());
    }
}
