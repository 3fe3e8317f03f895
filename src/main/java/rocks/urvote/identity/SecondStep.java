package rocks.urvote.identity;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import rocks.urvote.identity.SecondFactors.Answer;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.web.Checks;
import rocks.urvote.web.Problem;

/// Lets somebody in whose first step was right, for a code of their app or one of their recovery codes.
@Component
class SecondStep {

    private final Transactions transactions;
    private final SecondSteps steps;
    private final SecondFactors factors;
    private final Users users;
    private final Sessions sessions;
    private final Limits limits;
    private final Whereabouts whereabouts;
    private final Letters letters;
    private final Mailbox mailbox;
    private final ApplicationEventPublisher facts;
    private final Clock clock;

    SecondStep(
            Transactions transactions,
            SecondSteps steps,
            SecondFactors factors,
            Users users,
            Sessions sessions,
            Limits limits,
            Whereabouts whereabouts,
            Letters letters,
            Mailbox mailbox,
            ApplicationEventPublisher facts,
            Clock clock) {
        this.transactions = transactions;
        this.steps = steps;
        this.factors = factors;
        this.users = users;
        this.sessions = sessions;
        this.limits = limits;
        this.whereabouts = whereabouts;
        this.letters = letters;
        this.mailbox = mailbox;
        this.facts = facts;
        this.clock = clock;
    }

    @Schema(
            name = "SecondStep",
            requiredProperties = {"second_step", "code"})
    public record Shown(
            @Nullable String secondStep, @Nullable String code) {}

    private record Outcome(Answer answer, Optional<SignIn.Entry> entry, boolean recovered) {}

    /// Whether it is one that waits, and for what.
    Optional<Set<SecondFactors.Kind>> look(String token) {
        return transactions.as(Acting.SIGN_IN, () -> steps.look(token).map(factors::of));
    }

    SignIn.Entry take(Shown shown, SignIn.From from) {
        var checks = Checks.start();
        var token = checks.line("second_step", shown.secondStep(), 200);
        var code = checks.line("code", shown.code(), 100).replace(" ", "");
        checks.orRaise();
        limits.beforeCode(from.address());
        var outcome = transactions.as(
                Acting.SIGN_IN,
                () -> steps.tried(token)
                        .map(waiting -> users.find(waiting.user())
                                .filter(User::isActive)
                                .map(user -> take(user, token, code, from))
                                .orElse(no(Answer.WRONG)))
                        .orElse(no(Answer.WRONG)));
        if (outcome.answer() == Answer.TOO_OFTEN) {
            throw Problem.rateLimited(Duration.ofMinutes(10)).raised();
        }
        var entry = outcome.entry().orElseThrow(() -> SignIn.refused().raised());
        limits.codeWasRight(from.address());
        if (outcome.recovered()) {
            mailbox.send(letters.recoveryCodeUsed(entry.user().email()));
        }
        return entry;
    }

    private Outcome take(User user, String token, String code, SignIn.From from) {
        var recovers = !code.matches("[0-9]{6}");
        var answer = recovers
                ? factors.redeemRecoveryCode(user.id(), code) ? Answer.RIGHT : Answer.WRONG
                : factors.redeem(user.id(), code);
        if (answer != Answer.RIGHT) {
            return no(answer);
        }
        if (recovers) {
            facts.publishEvent(new RecoveryCodeUsed(user.id(), factors.recoveryCodesLeft(user.id()), clock.instant()));
        }
        return new Outcome(Answer.RIGHT, Optional.of(enter(user, token, from)), recovers);
    }

    private static Outcome no(Answer answer) {
        return new Outcome(answer, Optional.empty(), false);
    }

    /// Once the second factor is right, whichever it was.
    SignIn.Entry enter(User user, String token, SignIn.From from) {
        steps.use(token);
        return new SignIn.Entry(user, sessions.open(user, from.userAgent(), whereabouts.countryOf(from.address())));
    }
}
