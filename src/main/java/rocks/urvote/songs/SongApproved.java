package rocks.urvote.songs;

import java.time.Instant;
import rocks.urvote.contests.ContestId;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.Fact;
import rocks.urvote.kernel.UserId;

/// A moderator let everyone hear a song.
public record SongApproved(SongId song, ContestId contest, ClientId client, UserId artist, UserId by, Instant at)
        implements Fact {}
