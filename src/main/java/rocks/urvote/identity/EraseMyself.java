package rocks.urvote.identity;

import java.time.Clock;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.HttpStatus;
import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Holding;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;
import rocks.urvote.web.Problem;

/// Erases an account: who it was is gone at once and everywhere, tokens included; what was voted stays counted. Other
/// parts of UrVote let go of what they hold right after, and are asked again until nothing is left.
@Component
class EraseMyself {

    private final Transactions transactions;
    private final Users users;
    private final Erasures erasures;
    private final Codes codes;
    private final Resets resets;
    private final Sessions sessions;
    private final SecondFactors secondFactors;
    private final ObjectProvider<Holding> holdings;
    private final ApplicationEventPublisher facts;
    private final Clock clock;

    EraseMyself(
            Transactions transactions,
            Users users,
            Erasures erasures,
            Codes codes,
            Resets resets,
            Sessions sessions,
            SecondFactors secondFactors,
            ObjectProvider<Holding> holdings,
            ApplicationEventPublisher facts,
            Clock clock) {
        this.transactions = transactions;
        this.users = users;
        this.erasures = erasures;
        this.codes = codes;
        this.resets = resets;
        this.sessions = sessions;
        this.secondFactors = secondFactors;
        this.holdings = holdings;
        this.facts = facts;
        this.clock = clock;
    }

    void erase(UserId person) {
        transactions.as(Acting.SIGN_IN, () -> refuseTheLastAdmin(person));
        all().forEach(holding -> holding.release(person).ifPresent(obstacle -> {
            throw Problem.of(HttpStatus.CONFLICT, obstacle.code(), obstacle.sentence())
                    .raised();
        }));
        transactions.as(Acting.SIGN_IN, () -> {
            refuseTheLastAdmin(person);
            var account = users.locked(person)
                    .filter(User::isActive)
                    .orElseThrow(() -> Problem.signInRequired().raised());
            codes.forget(account.email());
            resets.forget(person);
            var _ = secondFactors.removeAll(person);
            erasures.add(account);
            users.erase(person);
            sessions.endAll(person, Ending.ERASED);
            sessions.forgetBrowsers(person);
            facts.publishEvent(new AccountErased(person, clock.instant()));
        });
    }

    /// Two who leave at once wait for each other here.
    private void refuseTheLastAdmin(UserId person) {
        if (users.lockedAdmins().equals(List.of(person))) {
            throw Problem.of(
                            HttpStatus.CONFLICT,
                            "last_admin",
                            "This is the last admin of this UrVote: make somebody else an admin first.")
                    .raised();
        }
    }

    /// Right after the commit, and perhaps twice.
    @ApplicationModuleListener
    void everywhere(AccountErased fact) {
        letGo(fact.user());
    }

    /// Nothing is taken from whoever came back meanwhile.
    void letGo(UserId person) {
        transactions
                .as(Acting.CHORE, () -> users.stillErased(person))
                .ifPresent(moment -> all().forEach(holding -> holding.erase(person, moment)));
    }

    private List<Holding> all() {
        return holdings.orderedStream().toList();
    }
}
