package rocks.urvote.songs;

import java.util.List;
import java.util.Optional;
import rocks.urvote.contests.ContestId;
import rocks.urvote.web.Caller;

/// What songs ask of the leaderboards: `sort=votes`.
public interface VoteCounts {

    /// The songs of a contest that somebody voted for, most votes first; leaves with 403 `counts_hidden` where this
    /// caller may not know.
    List<SongId> mostVoted(ContestId contest, Optional<Caller> caller);
}
