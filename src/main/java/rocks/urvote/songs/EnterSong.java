package rocks.urvote.songs;

import java.util.List;
import org.jspecify.annotations.Nullable;
import rocks.urvote.contests.ContestId;
import rocks.urvote.kernel.UserId;
import rocks.urvote.media.Files;

/// Enters songs for demos and importers, inside a transaction for an admin: all the rules of a submission hold.
public interface EnterSong {

    /// A song in the moderation queue.
    SongId pending(UserId artist, ContestId contest, Entry entry, Files.@Nullable Kept file);

    /// A song that a moderator let in.
    SongId approved(UserId artist, UserId moderator, ContestId contest, Entry entry, Files.@Nullable Kept file);

    /// Many songs that a moderator let in, in one statement, one of each artist who has none in the contest yet.
    /// Nothing of it is on record, and nobody gets mail.
    List<SongId> approvedMany(UserId moderator, ContestId contest, List<UserId> artists, List<Entry> entries);
}
