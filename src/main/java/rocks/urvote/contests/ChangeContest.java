package rocks.urvote.contests;

import java.time.Clock;
import java.util.function.UnaryOperator;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import rocks.urvote.clients.Members;
import rocks.urvote.kernel.Difference;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Checks;
import rocks.urvote.web.Problem;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Component
class ChangeContest {

    private final StoredContests contests;
    private final TimeZones timeZones;
    private final Members members;
    private final Transactions transactions;
    private final JsonMapper json;
    private final Clock clock;
    private final ApplicationEventPublisher facts;

    ChangeContest(
            StoredContests contests,
            TimeZones timeZones,
            Members members,
            Transactions transactions,
            JsonMapper json,
            Clock clock,
            ApplicationEventPublisher facts) {
        this.contests = contests;
        this.timeZones = timeZones;
        this.members = members;
        this.transactions = transactions;
        this.json = json;
        this.clock = clock;
        this.facts = facts;
    }

    /// For the owners of the contest's client.
    ///
    /// Start and end may move at any time: votes are counted by day, and a day stays what it was. The time zone may
    /// not, once voting was possible: it would cut days anew, and give some voters a second one.
    Contest change(Caller caller, Contest seen, UnaryOperator<ContestDetails> edit) {
        var contest = seen.id();
        return transactions.as(members.owner(caller, seen.client()), () -> {
            var before = ContestDetails.of(contests.lock(contest).orElseThrow());
            var checks = Checks.start();
            var plan = edit.apply(before).checked(checks, timeZones::know);
            checks.orRaise();
            var changes = Difference.between(tree(before), tree(ContestDetails.of(plan)));
            if (changes.containsKey("settings.time_zone") && contests.tookVotes(contest)) {
                throw begun().raised();
            }
            if (!changes.isEmpty()) {
                if (!contests.change(contest, plan)) {
                    throw AddContest.exists().raised();
                }
                facts.publishEvent(new ContestChanged(contest, seen.client(), changes, clock.instant()));
            }
            return contests.find(contest).orElseThrow();
        });
    }

    private static Problem begun() {
        return Problem.of(
                HttpStatus.CONFLICT,
                "contest_has_begun",
                "The contest has begun, and its days are days in its time zone: that stays.");
    }

    private ObjectNode tree(ContestDetails details) {
        return json.valueToTree(details);
    }
}
