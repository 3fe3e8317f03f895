package rocks.urvote.contests;

import java.time.Clock;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import rocks.urvote.clients.Members;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Checks;
import rocks.urvote.web.Problem;

@Component
class AddContest implements EnsureContest {

    private final StoredContests contests;
    private final TimeZones timeZones;
    private final Members members;
    private final Transactions transactions;
    private final Clock clock;
    private final ApplicationEventPublisher facts;

    AddContest(
            StoredContests contests,
            TimeZones timeZones,
            Members members,
            Transactions transactions,
            Clock clock,
            ApplicationEventPublisher facts) {
        this.contests = contests;
        this.timeZones = timeZones;
        this.members = members;
        this.transactions = transactions;
        this.clock = clock;
        this.facts = facts;
    }

    /// For the client's owners.
    Contest add(Caller caller, ClientId client, ContestDetails details) {
        return transactions.as(members.owner(caller, client), () -> {
            var checks = Checks.start();
            var plan = details.checked(checks, timeZones::know);
            checks.orRaise();
            return add(client, plan);
        });
    }

    @Override
    public Ensured ensure(ClientId client, ContestPlan plan) {
        return contests.named(client, plan.name())
                .map(known -> new Ensured(known, false))
                .orElseGet(() -> new Ensured(add(client, plan), true));
    }

    static Problem exists() {
        return Problem.of(
                HttpStatus.CONFLICT,
                "contest_exists",
                "The client has a contest of this name already: case and blanks do not make another.");
    }

    private Contest add(ClientId client, ContestPlan plan) {
        var contest = contests.add(client, plan).orElseThrow(() -> exists().raised());
        facts.publishEvent(new ContestAdded(
                contest.id(), client, contest.name(), contest.startDate(), contest.endDate(), clock.instant()));
        return contest;
    }
}
