package rocks.urvote.songs;

import java.time.Instant;
import rocks.urvote.contests.ContestId;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.Fact;
import rocks.urvote.kernel.UserId;

/// A moderator refused a song, with a reason for the artist.
public record SongRejected(
        SongId song, ContestId contest, ClientId client, UserId artist, UserId by, String reason, Instant at)
        implements Fact {}
