package rocks.urvote.songs;

import java.time.Instant;
import rocks.urvote.contests.ContestId;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.Fact;
import rocks.urvote.kernel.UserId;

/// A song entered a contest and waits for a moderator.
public record SongSubmitted(SongId song, ContestId contest, ClientId client, UserId artist, Instant at)
        implements Fact {}
