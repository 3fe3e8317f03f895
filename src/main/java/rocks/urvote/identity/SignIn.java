package rocks.urvote.identity;

import io.swagger.v3.oas.annotations.media.Schema;
import java.net.InetAddress;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.web.Checks;
import rocks.urvote.web.Problem;
import rocks.urvote.web.Tokens;

/// Lets somebody in who shows a password, or the code that was mailed. A no is the same for every reason, and takes the
/// same time.
@Component
class SignIn {

    private final Transactions transactions;
    private final Users users;
    private final Codes codes;
    private final Sessions sessions;
    private final Passwords passwords;
    private final SecondFactors factors;
    private final SecondSteps steps;
    private final Limits limits;
    private final Whereabouts whereabouts;
    private final Returning returning;
    private final ApplicationEventPublisher facts;
    private final Clock clock;

    SignIn(
            Transactions transactions,
            Users users,
            Codes codes,
            Sessions sessions,
            Passwords passwords,
            SecondFactors factors,
            SecondSteps steps,
            Limits limits,
            Whereabouts whereabouts,
            Returning returning,
            ApplicationEventPublisher facts,
            Clock clock) {
        this.transactions = transactions;
        this.users = users;
        this.codes = codes;
        this.sessions = sessions;
        this.passwords = passwords;
        this.factors = factors;
        this.steps = steps;
        this.limits = limits;
        this.whereabouts = whereabouts;
        this.returning = returning;
        this.facts = facts;
        this.clock = clock;
    }

    @Schema(name = "SignIn", requiredProperties = "email")
    public record Shown(
            @Nullable String email,
            @Nullable String password,
            @Nullable String code) {}

    /// Who came in, and what keeps them in.
    record Entry(User user, Tokens tokens) {}

    /// From where somebody comes.
    record From(InetAddress address, @Nullable String userAgent) {}

    /// What a right first step leads to.
    private sealed interface Next {
        record In(Entry entry) implements Next {}

        record SecondStep(String token, Set<SecondFactors.Kind> methods) implements Next {}
    }

    /// Lets them in, or leaves with 401 `second_factor_required`, which carries what the second step needs.
    Entry signIn(Shown shown, From from) {
        var checks = Checks.start();
        var address = checks.email("email", shown.email());
        if (shown.code() != null && shown.password() != null) {
            checks.wrong("code", "must not be given together with a password");
        }
        var password = shown.code() == null
                ? Password.shown(checks, "password", shown.password())
                : Optional.<Password>empty();
        checks.orRaise();
        var code = shown.code();
        var next = Evenly.unless(
                Optional::isPresent,
                () -> code == null
                        ? byPassword(address.orElseThrow(), password.orElseThrow(), from)
                        : byCode(address.orElseThrow(), code, from));
        return switch (next.orElseThrow(() -> refused().raised())) {
            case Next.In in -> in.entry();
            case Next.SecondStep step -> throw secondFactorRequired(step).raised();
        };
    }

    private Optional<Next> byPassword(EmailAddress address, Password password, From from) {
        limits.beforePassword(address, from.address());
        var user = transactions.as(Acting.SIGN_IN, () -> users.inMailbox(address));
        if (!passwords.matches(password, user.map(User::hashedPassword).orElse(null))) {
            return Optional.empty();
        }
        limits.passwordWasRight(address, from.address());
        return transactions.as(Acting.SIGN_IN, () -> user.flatMap(known -> enter(known, from)));
    }

    /// The try is written down whatever comes of it.
    private Optional<Next> byCode(EmailAddress address, String code, From from) {
        var digits = code.replace(" ", "");
        if (!digits.matches("[0-9]{6}")) {
            return Optional.empty();
        }
        limits.beforeCode(from.address());
        var next = transactions.as(
                Acting.SIGN_IN,
                () -> codes.redeem(address, digits).map(this::owner).flatMap(user -> enter(user, from)));
        next.ifPresent(_ -> limits.codeWasRight(from.address()));
        return next;
    }

    private Optional<Next> enter(User user, From from) {
        if (!users.enter(user)) {
            return Optional.empty();
        }
        var methods = factors.of(user.id());
        return Optional.of(
                methods.isEmpty()
                        ? new Next.In(new Entry(
                                user, sessions.open(user, from.userAgent(), whereabouts.countryOf(from.address()))))
                        : new Next.SecondStep(steps.begin(user.id()), methods));
    }

    /// The account of an address that was just proven: a new one, or the one that waited for its owner, without what
    /// others may have left in it.
    private User owner(EmailAddress proven) {
        var returned = returning.proven(proven, null);
        if (returned.isPresent()) {
            return returned.get();
        }
        users.open(proven).ifPresent(id -> facts.publishEvent(new AccountOpened(id, true, clock.instant())));
        var user = users.lockedInMailbox(proven).orElseThrow();
        if (user.emailVerified() || !user.isActive()) {
            return user;
        }
        users.claim(user.id(), proven, null);
        sessions.endAll(user.id(), Ending.ADDRESS_PROVEN);
        facts.publishEvent(new EmailVerified(user.id(), clock.instant()));
        return users.find(user.id()).orElseThrow();
    }

    private static Problem secondFactorRequired(Next.SecondStep step) {
        return Problem.of(
                        HttpStatus.UNAUTHORIZED,
                        "second_factor_required",
                        "That was right; your account asks for a second factor as well.")
                .with(Map.of(
                        "second_step",
                        step.token(),
                        "methods",
                        step.methods().stream().map(SetUpTwoFactor::word).toList()));
    }

    static Problem refused() {
        return Problem.of(
                HttpStatus.UNAUTHORIZED, "invalid_credentials", "These do not fit together, or no longer do.");
    }
}
