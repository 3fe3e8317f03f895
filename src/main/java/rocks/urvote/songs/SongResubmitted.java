package rocks.urvote.songs;

import java.time.Instant;
import rocks.urvote.contests.ContestId;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.Fact;
import rocks.urvote.kernel.UserId;

/// The artist fixed a rejected song, which waits for a moderator again.
public record SongResubmitted(SongId song, ContestId contest, ClientId client, UserId artist, Instant at)
        implements Fact {}
