package rocks.urvote.leaderboards;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.stereotype.Component;
import rocks.urvote.clients.Members;
import rocks.urvote.contests.Contest;
import rocks.urvote.contests.ContestId;
import rocks.urvote.leaderboards.BoardJson.Rendered;
import rocks.urvote.leaderboards.Tallies.Standings;
import rocks.urvote.votes.MyVotes;
import rocks.urvote.votes.VotesChanged;
import rocks.urvote.web.Caller;

/// Every leaderboard that somebody looked at lately, kept in memory.
@Component
class Boards implements VotesChanged {

    private static final Duration WATCHED = Duration.ofSeconds(5);

    /// However many boards are looked at when all of them are to be read again: most connections are left to others.
    private static final int READ_AT_A_TIME = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final LoadingCache<ContestId, LiveBoard> boards;
    private final Semaphore turns = new Semaphore(READ_AT_A_TIME, true);

    /// Where votes came in on this node, of which the others have not been told.
    private final Set<ContestId> untold = ConcurrentHashMap.newKeySet();

    private final BoardJson json;
    private final Members members;
    private final MyVotes myVotes;

    Boards(Tallies tallies, BoardJson json, Members members, MyVotes myVotes) {
        this.json = json;
        this.members = members;
        this.myVotes = myVotes;
        this.boards = Caffeine.newBuilder()
                .maximumSize(1_000)
                .build(contest -> new LiveBoard(() -> inTurn(() -> tallies.standings(contest))));
    }

    private Standings inTurn(Supplier<Standings> reading) {
        try {
            if (!turns.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new QueryTimeoutException("Too many leaderboards are being read");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new QueryTimeoutException("Interrupted before a leaderboard was read", e);
        }
        try {
            return reading.get();
        } finally {
            turns.release();
        }
    }

    @Override
    public void in(ContestId contest) {
        heardOf(contest);
        if (!untold.contains(contest)) {
            untold.add(contest);
        }
    }

    /// What nobody looked at is read when somebody does.
    void heardOf(ContestId contest) {
        var board = boards.getIfPresent(contest);
        if (board != null) {
            board.changed();
        }
    }

    void heardOfAnything() {
        boards.asMap().values().forEach(LiveBoard::changed);
    }

    /// Takes what the others are to be told; it comes back with [#notTold] if that fails.
    List<ContestId> toTell() {
        var contests = new ArrayList<ContestId>();
        for (var each = untold.iterator(); each.hasNext(); ) {
            contests.add(each.next());
            each.remove();
        }
        return contests;
    }

    void notTold(Collection<ContestId> contests) {
        untold.addAll(contests);
    }

    /// Reads again what is being looked at, in case news of it went astray.
    void refreshWatched() {
        for (var board : boards.asMap().values()) {
            if (board.wantedWithin(WATCHED)) {
                board.refresh();
            }
        }
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
        var snapshot = boards.get(contest.id()).current();
        return countsHidden ? snapshot.hidden(contest) : snapshot.open(contest);
    }

    /// As JSON, for whoever may see counts: not older than the version that the reader has been shown elsewhere.
    Rendered open(Contest contest, int most, long versionShown) {
        var board = boards.get(contest.id());
        var snapshot = board.current();
        if (snapshot.version() < versionShown) {
            snapshot = board.atLeast(versionShown);
        }
        var version = snapshot.version();
        return snapshot.open(contest, most, first -> json.open(version, first));
    }

    Rendered hidden(Contest contest, int most) {
        return json.hidden(of(contest, true).first(most));
    }

    private boolean knowsAlways(Optional<Caller> reader, Contest contest) {
        return reader.map(caller -> caller.admin()
                        || members.roleOf(caller.user(), contest.client()).isPresent())
                .orElse(false);
    }

    private boolean hasVoted(Optional<Caller> reader, ContestId contest) {
        return reader.map(caller -> myVotes.hasVotedIn(caller.user(), contest)).orElse(false);
    }
}
