package rocks.urvote.songs;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import rocks.urvote.contests.ContestId;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Slice;
import rocks.urvote.web.Window;

/// Every song.
public interface Songs {

    enum Sort {
        RANDOM,
        NEWEST,
        TITLE,
        VOTES
    }

    /// How a visitor wants to see the songs of a contest. `seed` keeps a visitor's random order the same.
    record Search(
            Sort sort, @Nullable String genre, @Nullable String text, String seed) {}

    /// As the one sees it for whom the transaction is made; outside of one, as the public does.
    Optional<Song> find(SongId song);

    Map<SongId, Song> find(Collection<SongId> songs);

    /// The song as this caller sees it; leaves with 404 when there is none, or none for them.
    Song seenBy(Optional<Caller> caller, SongId song);

    /// The approved songs of a contest, for somebody who may see it; by votes, leaves with 403 `counts_hidden` where
    /// they may not know.
    Slice<Song> approvedIn(Optional<Caller> caller, ContestId contest, Search search, Window window);

    /// The genres that the approved songs of a contest have, by the alphabet.
    List<String> genresIn(ContestId contest);
}
