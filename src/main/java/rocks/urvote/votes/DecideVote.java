package rocks.urvote.votes;

import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import rocks.urvote.clients.Members;
import rocks.urvote.contests.Contests;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.votes.StoredVotes.Status;
import rocks.urvote.votes.StoredVotes.Vote;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Checks;
import rocks.urvote.web.Problem;

/// Lets a held or void vote count, or takes a vote out of the count, with who, when and why. A void vote keeps its
/// place of the day, so that it can be restored.
@Component
class DecideVote {

    /// The words of the API.
    enum Decision {
        COUNT,
        VOID
    }

    private final StoredVotes votes;
    private final Contests contests;
    private final Members members;
    private final Transactions transactions;
    private final ApplicationEventPublisher facts;
    private final Clock clock;
    private final List<VotesChanged> watchers;

    DecideVote(
            StoredVotes votes,
            Contests contests,
            Members members,
            Transactions transactions,
            ApplicationEventPublisher facts,
            Clock clock,
            List<VotesChanged> watchers) {
        this.votes = votes;
        this.contests = contests;
        this.members = members;
        this.transactions = transactions;
        this.facts = facts;
        this.clock = clock;
        this.watchers = watchers;
    }

    /// The status the vote has now.
    Status decide(Caller member, VoteId id, @Nullable String decision, @Nullable String reason) {
        var vote = transactions.as(Acting.LOOKUP, () -> votes.find(id)).orElseThrow(DecideVote::notFound);
        var client = contests.clientOf(vote.contest()).orElseThrow(DecideVote::notFound);
        if (!mayKnow(member, client)) {
            throw notFound();
        }
        var checks = Checks.start();
        var decided = checks.oneOf("decision", decision, Decision.class);
        var words = checks.lines("reason", reason, 500);
        checks.orRaise();
        var status = decided.orElse(Decision.VOID) == Decision.COUNT ? Status.COUNTED : Status.VOID;
        var changed = transactions.as(Acting.ballotBox(member.user()), () -> decide(member, vote, status, words));
        if (changed) {
            watchers.forEach(watcher -> watcher.in(vote.contest()));
        }
        return status;
    }

    /// Nothing about a single vote is for anyone but the client's members and admins, not even that it is there.
    private boolean mayKnow(Caller caller, ClientId client) {
        return caller.admin() || members.roleOf(caller.user(), client).isPresent();
    }

    private boolean decide(Caller member, Vote seen, Status status, String reason) {
        votes.lockBallot(seen.contest(), seen.voter(), seen.day());
        var vote = votes.lock(seen.id(), seen.voter(), seen.day()).orElseThrow(DecideVote::notFound);
        if (vote.status() == Status.WITHDRAWN) {
            throw Problem.of(HttpStatus.CONFLICT, "vote_withdrawn", "The voter has taken this vote back.")
                    .raised();
        }
        if (vote.status() == status) {
            return false;
        }
        votes.become(vote, status, member.user(), reason);
        facts.publishEvent(new VoteDecided(
                vote.id(),
                vote.song(),
                vote.contest(),
                member.user(),
                word(vote.status()),
                word(status),
                reason,
                clock.instant()));
        return true;
    }

    static String word(Status status) {
        return switch (status) {
            case COUNTED -> "counted";
            case HELD -> "held";
            case VOID -> "void";
            case WITHDRAWN -> "withdrawn";
        };
    }

    private static Problem.Raised notFound() {
        return Problem.notFound().raised();
    }
}
