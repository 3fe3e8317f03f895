package rocks.urvote.leaderboards;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rocks.urvote.contests.ContestId;
import rocks.urvote.songs.SongId;

/// A leaderboard as one reader may see it. Where counts are hidden, what would tell of them is missing, and the order
/// is by title.
public record Board(
        ContestId contestId, Instant asOf, @Nullable Long totalVotes, boolean countsHidden, List<Entry> entries) {

    @Schema(name = "LeaderboardEntry")
    public record Entry(
            @Nullable Integer rank,
            SongId songId,
            String title,
            String artistName,
            @Nullable Long votes) {}

    public Board {
        entries = List.copyOf(entries);
    }

    Board first(int most) {
        return entries.size() <= most
                ? this
                : new Board(contestId, asOf, totalVotes, countsHidden, entries.subList(0, most));
    }
}
