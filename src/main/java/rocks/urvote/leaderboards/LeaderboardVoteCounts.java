package rocks.urvote.leaderboards;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import rocks.urvote.contests.ContestId;
import rocks.urvote.contests.Contests;
import rocks.urvote.songs.SongId;
import rocks.urvote.songs.VoteCounts;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Problem;

/// Answers `sort=votes` for whoever may see counts.
@Component
class LeaderboardVoteCounts implements VoteCounts {

    private final Contests contests;
    private final Boards boards;

    LeaderboardVoteCounts(Contests contests, Boards boards) {
        this.contests = contests;
        this.boards = boards;
    }

    @Override
    public List<SongId> mostVoted(ContestId contest, Optional<Caller> caller) {
        var seen = contests.seenBy(caller, contest);
        if (boards.countsHiddenFrom(caller, seen)) {
            throw Problem.of(
                            HttpStatus.FORBIDDEN,
                            "counts_hidden",
                            "The votes of this contest are not shown yet, so songs cannot be sorted by them.")
                    .raised();
        }
        return boards.of(seen, false).entries().stream()
                .filter(entry -> Objects.requireNonNullElse(entry.votes(), 0L) > 0)
                .map(Board.Entry::songId)
                .toList();
    }
}
