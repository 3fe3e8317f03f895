package rocks.urvote.audit;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.UserId;
import tools.jackson.databind.JsonNode;

/// One line of a log. Ids count up in each service's log by itself; `detail` is the fact as it was published, `changes`
/// what it says was one thing before and another after.
@Schema(name = "LogEntry")
public record LogEntry(
        String service,
        long id,
        Instant happenedAt,
        String fact,
        String actorRole,
        @Nullable UserId actorId,
        @Nullable String actor,
        @Nullable ClientId clientId,
        @Nullable String client,
        @Nullable String reason,
        List<Change> changes,
        JsonNode detail) {

    /// One field; a value is missing where there was none before, or is none after.
    @Schema(name = "LogChange")
    public record Change(
            String field, @Nullable String before, @Nullable String after) {}

    public LogEntry {
        changes = List.copyOf(changes);
    }

    LogEntry named(@Nullable String actorName, @Nullable String clientName) {
        return new LogEntry(
                service,
                id,
                happenedAt,
                fact,
                actorRole,
                actorId,
                actorName,
                clientId,
                clientName,
                reason,
                changes,
                detail);
    }
}
