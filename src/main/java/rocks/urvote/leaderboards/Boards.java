package rocks.urvote.leaderboards;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.springframework.stereotype.Component;
import rocks.urvote.clients.Members;
import rocks.urvote.contests.Contest;
import rocks.urvote.contests.ContestId;
import rocks.urvote.leaderboards.Tallies.Standing;
import rocks.urvote.votes.MyVotes;
import rocks.urvote.votes.VotesChanged;
import rocks.urvote.web.Caller;

/// Every leaderboard, kept in memory: read again after a vote on this node, and at the latest after a second.
@Component
class Boards implements VotesChanged {

    private static final Duration OLDEST = Duration.ofSeconds(1);

    /// How many votes of a contest this node has seen; a snapshot taken before the last of them is stale.
    private final LoadingCache<ContestId, AtomicLong> changes =
            Caffeine.newBuilder().maximumSize(10_000).build(contest -> new AtomicLong());

    private final LoadingCache<ContestId, Snapshot> snapshots;
    private final Tallies tallies;
    private final Members members;
    private final MyVotes myVotes;
    private final Clock clock;

    record Snapshot(long change, Instant read, List<Standing> standings) {}

    Boards(Tallies tallies, Members members, MyVotes myVotes, Clock clock) {
        this.tallies = tallies;
        this.members = members;
        this.myVotes = myVotes;
        this.clock = clock;
        this.snapshots = Caffeine.newBuilder().maximumSize(1_000).build(this::read);
    }

    @Override
    public void in(ContestId contest) {
        changes.get(contest).incrementAndGet();
    }

    /// Whether this reader may see counts: always, until one's own vote, or until the end, as the contest says; members
    /// and admins always.
    boolean countsHiddenFrom(Optional<Caller> reader, Contest contest) {
        return switch (contest.settings().hideCounts()) {
            case NEVER -> false;
            case UNTIL_VOTED -> !knowsAlways(reader, contest) && !hasVoted(reader, contest.id());
            case UNTIL_CLOSED -> contest.state() != Contest.State.CLOSED && !knowsAlways(reader, contest);
        };
    }

    /// Whether another reader could get another answer.
    boolean differsByReader(Contest contest) {
        return switch (contest.settings().hideCounts()) {
            case NEVER -> false;
            case UNTIL_VOTED -> true;
            case UNTIL_CLOSED -> contest.state() != Contest.State.CLOSED;
        };
    }

    Board of(Contest contest, boolean countsHidden) {
        var standings = current(contest.id()).standings();
        return countsHidden ? hidden(contest, standings) : open(contest, standings);
    }

    private boolean knowsAlways(Optional<Caller> reader, Contest contest) {
        return reader.map(caller -> caller.admin()
                        || members.roleOf(caller.user(), contest.client()).isPresent())
                .orElse(false);
    }

    private boolean hasVoted(Optional<Caller> reader, ContestId contest) {
        return reader.map(caller -> myVotes.hasVotedIn(caller.user(), contest)).orElse(false);
    }

    private static Board open(Contest contest, List<Standing> standings) {
        return new Board(
                contest.id(),
                latest(contest, standings, Standing::changed),
                standings.stream().mapToLong(Standing::votes).sum(),
                false,
                standings.stream()
                        .map(standing -> new Board.Entry(
                                standing.rank(),
                                standing.song(),
                                standing.title(),
                                standing.artistName(),
                                standing.votes()))
                        .toList());
    }

    private static Board hidden(Contest contest, List<Standing> standings) {
        return new Board(
                contest.id(),
                latest(contest, standings, Standing::shownSince),
                null,
                true,
                standings.stream()
                        .sorted(Comparator.comparingInt(Standing::place))
                        .map(standing ->
                                new Board.Entry(null, standing.song(), standing.title(), standing.artistName(), null))
                        .toList());
    }

    private static Instant latest(Contest contest, List<Standing> standings, Function<Standing, Instant> when) {
        return standings.stream().map(when).max(Comparator.naturalOrder()).orElse(contest.startDate());
    }

    private Snapshot current(ContestId contest) {
        var snapshot = snapshots.get(contest);
        if (fresh(contest, snapshot)) {
            return snapshot;
        }
        return snapshots.asMap().compute(contest, (id, known) -> known != null && fresh(id, known) ? known : read(id));
    }

    private boolean fresh(ContestId contest, Snapshot snapshot) {
        return snapshot.change() == changes.get(contest).get()
                && Duration.between(snapshot.read(), clock.instant()).compareTo(OLDEST) < 0;
    }

    /// The counter is looked at first: a vote that comes while reading makes the snapshot stale, not lost.
    private Snapshot read(ContestId contest) {
        var change = changes.get(contest).get();
        return new Snapshot(change, clock.instant(), tallies.standings(contest));
    }
}
