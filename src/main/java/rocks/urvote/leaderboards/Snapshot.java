package rocks.urvote.leaderboards;

import java.time.Instant;
import java.util.Comparator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import rocks.urvote.contests.Contest;
import rocks.urvote.leaderboards.BoardJson.Rendered;
import rocks.urvote.leaderboards.Tallies.Standing;
import rocks.urvote.leaderboards.Tallies.Standings;

/// The standings of a contest as they were read at one moment, with what was made of them since.
final class Snapshot {

    private static final int KEPT = 8;

    private final Standings standings;
    private final long read;

    /// By limit; the first few, because anybody may ask for any.
    private final ConcurrentHashMap<Integer, Rendered> rendered;

    private volatile @Nullable Board open;

    Snapshot(Standings standings, long read) {
        this(standings, read, new ConcurrentHashMap<>(), null);
    }

    private Snapshot(
            Standings standings, long read, ConcurrentHashMap<Integer, Rendered> rendered, @Nullable Board open) {
        this.standings = standings;
        this.read = read;
        this.rendered = rendered;
        this.open = open;
    }

    Snapshot stillTrueAt(long later) {
        return new Snapshot(standings, later, rendered, open);
    }

    Standings standings() {
        return standings;
    }

    long version() {
        return standings.version();
    }

    /// By the clock that only runs forward.
    long read() {
        return read;
    }

    Board open(Contest contest) {
        var board = open;
        if (board == null) {
            board = new Board(
                    contest.id(),
                    latest(contest, Standing::changed),
                    standings.songs().stream().mapToLong(Standing::votes).sum(),
                    false,
                    standings.songs().stream()
                            .map(standing -> new Board.Entry(
                                    standing.rank(),
                                    standing.song(),
                                    standing.title(),
                                    standing.artistName(),
                                    standing.votes()))
                            .toList());
            if (!standings.songs().isEmpty()) {
                open = board;
            }
        }
        return board;
    }

    Board hidden(Contest contest) {
        return new Board(
                contest.id(),
                latest(contest, Standing::shownSince),
                null,
                true,
                standings.songs().stream()
                        .sorted(Comparator.comparingInt(Standing::place))
                        .map(standing ->
                                new Board.Entry(null, standing.song(), standing.title(), standing.artistName(), null))
                        .toList());
    }

    /// An empty board shows the contest's start, which is not of this snapshot: it is not kept.
    Rendered open(Contest contest, int most, Function<Board, Rendered> renderer) {
        var ready = rendered.get(most);
        if (ready == null) {
            ready = renderer.apply(open(contest).first(most));
            if (!standings.songs().isEmpty() && rendered.size() < KEPT) {
                rendered.put(most, ready);
            }
        }
        return ready;
    }

    private Instant latest(Contest contest, Function<Standing, Instant> when) {
        return standings.songs().stream()
                .map(when)
                .max(Comparator.naturalOrder())
                .orElse(contest.startDate());
    }
}
