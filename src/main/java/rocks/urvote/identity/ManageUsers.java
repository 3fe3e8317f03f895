package rocks.urvote.identity;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Difference;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Checks;
import rocks.urvote.web.Problem;

/// What an admin does to somebody's account. Each act has a reason, and is on record with what was before and what is
/// after; one that would change nothing does nothing.
///
/// Whoever is locked, or is no admin any more, is signed out everywhere, as the tokens that are about say what is no
/// longer true. That an admin remains is the database's rule.
@Component
class ManageUsers {

    private static final int LONGEST_REASON = 500;
    private static final String AN_ADMIN_REMAINS = "an_admin_remains";

    private final Transactions transactions;
    private final Users users;
    private final Sessions sessions;
    private final ResetTwoFactor resetTwoFactor;
    private final Returning returning;
    private final ApplicationEventPublisher facts;
    private final Clock clock;

    ManageUsers(
            Transactions transactions,
            Users users,
            Sessions sessions,
            ResetTwoFactor resetTwoFactor,
            Returning returning,
            ApplicationEventPublisher facts,
            Clock clock) {
        this.transactions = transactions;
        this.users = users;
        this.sessions = sessions;
        this.resetTwoFactor = resetTwoFactor;
        this.returning = returning;
        this.facts = facts;
        this.clock = clock;
    }

    @Schema(
            name = "UserAct",
            requiredProperties = {"act", "reason"})
    public record Wanted(
            @Schema(implementation = UserAct.class) @Nullable
            String act,

            @Nullable String reason) {}

    private record Acted(User user, boolean reset) {}

    User act(Caller caller, UserId user, Wanted wanted) {
        caller.mustBeAdmin();
        var checks = Checks.start();
        var act = checks.oneOf("act", wanted.act(), UserAct.class);
        var reason = checks.lines("reason", wanted.reason(), LONGEST_REASON);
        checks.orRaise();
        try {
            var acted = transactions.as(caller.acting(), () -> {
                var found =
                        users.locked(user).orElseThrow(() -> Problem.notFound().raised());
                if (act.orElseThrow() == UserAct.RESET_TWO_FACTOR) {
                    return new Acted(found, resetTwoFactor.reset(found, reason));
                }
                act(found, act.orElseThrow(), reason);
                return new Acted(users.find(user).orElseThrow(), false);
            });
            if (acted.reset()) {
                resetTwoFactor.tell(acted.user());
            }
            return acted.user();
        } catch (DataIntegrityViolationException e) {
            throw violates(e, AN_ADMIN_REMAINS) ? lastAdmin().raised() : e;
        }
    }

    private void act(User user, UserAct act, String reason) {
        switch (act) {
            case LOCK -> {
                if (user.isActive()) {
                    users.setActive(user.id(), false);
                    sessions.endAll(user.id(), Ending.LOCKED);
                    facts.publishEvent(
                            new UserLocked(user.id(), changed("is_active", "true", "false"), reason, clock.instant()));
                }
            }
            case UNLOCK -> {
                if (!user.isActive()) {
                    users.setActive(user.id(), true);
                    facts.publishEvent(new UserUnlocked(
                            user.id(), changed("is_active", "false", "true"), reason, clock.instant()));
                }
            }
            case VERIFY -> {
                if (!user.emailVerified()) {
                    mustNotBeAwaited(user);
                    users.setVerified(user.id());
                    facts.publishEvent(new UserVerified(
                            user.id(), changed("email_verified", "false", "true"), reason, clock.instant()));
                }
            }
            case APPOINT -> {
                if (!user.isAdmin()) {
                    mayBeAdmin(user);
                    users.setAdmin(user.id(), true);
                    facts.publishEvent(new AdminAppointed(
                            user.id(), changed("is_admin", "false", "true"), reason, clock.instant()));
                }
            }
            case DISMISS -> {
                if (user.isAdmin()) {
                    users.setAdmin(user.id(), false);
                    sessions.endAll(user.id(), Ending.DISMISSED);
                    facts.publishEvent(new AdminDismissed(
                            user.id(), changed("is_admin", "true", "false"), reason, clock.instant()));
                }
            }
            case RESET_TWO_FACTOR -> throw new IllegalArgumentException("Is done by itself, as a mail follows");
            case SIGN_OUT -> {
                var ended = sessions.endAll(user.id(), Ending.ENDED_BY_ADMIN);
                if (ended > 0) {
                    facts.publishEvent(new UserSignedOut(
                            user.id(), changed("sessions", Integer.toString(ended), "0"), reason, clock.instant()));
                }
            }
        }
    }

    /// An account can be opened for any address, so until it is proven it may be a stranger's.
    private static void mayBeAdmin(User user) {
        if (!user.emailVerified() || !user.isActive()) {
            throw Problem.invalid(
                            "act",
                            user.isActive()
                                    ? "needs an account whose address is verified"
                                    : "needs an account that is not locked")
                    .raised();
        }
    }

    /// An admin's word gives nobody the number that goes with the mailbox, so it would open a second one beside it.
    private void mustNotBeAwaited(User user) {
        if (transactions.as(Acting.SIGN_IN, () -> returning.awaits(user.email()))) {
            throw Problem.of(
                            HttpStatus.CONFLICT,
                            "mailbox_must_be_proven",
                            "Whoever had this mailbox erased their account and may come back as the same voter: they"
                                    + " must sign in by a mailed code, which proves the address.")
                    .raised();
        }
    }

    static Map<String, Difference> changed(String field, String before, String after) {
        return Map.of(field, new Difference(before, after));
    }

    private static boolean violates(DataIntegrityViolationException e, String constraint) {
        return e.getMostSpecificCause() instanceof PSQLException refused
                && Optional.ofNullable(refused.getServerErrorMessage())
                        .map(ServerErrorMessage::getConstraint)
                        .filter(constraint::equals)
                        .isPresent();
    }

    static Problem lastAdmin() {
        return Problem.of(
                HttpStatus.CONFLICT, "last_admin", "This is the last admin: make somebody else an admin first.");
    }
}
