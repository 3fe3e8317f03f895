package rocks.urvote.leaderboards;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import rocks.urvote.contests.ContestId;
import rocks.urvote.kernel.Digest;
import tools.jackson.databind.json.JsonMapper;

/// A board as JSON, and the tag that is the same as long as it is.
@Component
class BoardJson {

    private final JsonMapper json;

    BoardJson(JsonMapper json) {
        this.json = json;
    }

    /// Written once, shown many times.
    @SuppressWarnings("ArrayRecordComponent")
    record Rendered(byte[] json, String etag) {}

    /// `counts_hidden` is there only where counts are hidden.
    public record Leaderboard(
            ContestId contestId,
            Instant asOf,
            @Nullable Long totalVotes,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Boolean countsHidden,

            List<Board.Entry> entries) {}

    /// The tag begins with the version, by which another node knows whether it is behind.
    Rendered open(long version, Board board) {
        var body = write(board);
        return new Rendered(body, "\"%d-%s\"".formatted(version, digest(body).substring(0, 10)));
    }

    /// The tag tells nothing of votes.
    Rendered hidden(Board board) {
        var body = write(board);
        return new Rendered(body, '"' + digest(body).substring(0, 22) + '"');
    }

    private byte[] write(Board board) {
        return json.writeValueAsBytes(new Leaderboard(
                board.contestId(),
                board.asOf(),
                board.totalVotes(),
                board.countsHidden() ? Boolean.TRUE : null,
                board.entries()));
    }

    /// In hexadecimal digits, as a hyphen would look like the end of a version.
    private static String digest(byte[] body) {
        return HexFormat.of().formatHex(Digest.sha256().digest(body));
    }
}
