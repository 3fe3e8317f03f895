package rocks.urvote.votes;

import java.time.Instant;
import java.util.Set;
import rocks.urvote.contests.ContestId;
import rocks.urvote.kernel.UserId;
import rocks.urvote.songs.SongId;

/// What a voter may know of their own votes.
public interface MyVotes {

    /// A voter's day in a contest: what is left of it, what it went to, and when the next one begins.
    record Today(int limit, int left, Set<SongId> votedFor, Instant resetsAt) {

        public Today {
            votedFor = Set.copyOf(votedFor);
        }
    }

    Today today(UserId voter, ContestId contest);

    /// Whether this voter has a vote in the contest that was not withdrawn.
    boolean hasVotedIn(UserId voter, ContestId contest);
}
