package rocks.urvote.leaderboards;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import rocks.urvote.contests.ContestId;
import tools.jackson.databind.json.JsonMapper;

/// A board as JSON, and the tag that is the same as long as it is.
@Component
class BoardJson {

    private final JsonMapper json;

    BoardJson(JsonMapper json) {
        this.json = json;
    }

    record Rendered(String json, String etag) {}

    /// `counts_hidden` is there only where counts are hidden.
    public record Leaderboard(
            ContestId contestId,
            Instant asOf,
            @Nullable Long totalVotes,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Boolean countsHidden,

            List<Board.Entry> entries) {}

    Rendered render(Board board) {
        var body = json.writeValueAsString(new Leaderboard(
                board.contestId(),
                board.asOf(),
                board.totalVotes(),
                board.countsHidden() ? Boolean.TRUE : null,
                board.entries()));
        return new Rendered(body, '"' + digest(body) + '"');
    }

    private static String digest(String body) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash).substring(0, 22);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
