package rocks.urvote.votes;

import java.time.Instant;
import rocks.urvote.contests.ContestId;
import rocks.urvote.kernel.Fact;
import rocks.urvote.kernel.UserId;
import rocks.urvote.songs.SongId;

/// A member of the client looked at a vote and let it count, or not. `was` and `is` are its status before and after.
public record VoteDecided(
        VoteId vote, SongId song, ContestId contest, UserId by, String was, String is, String reason, Instant at)
        implements Fact {}
