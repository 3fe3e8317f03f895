package rocks.urvote.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import rocks.urvote.audit.LogEntry.Change;
import tools.jackson.databind.JsonNode;

/// What a fact says was changed: field by field, as one value before and after, or by its very name.
final class Changes {

    /// The names under which facts keep a value before and after.
    private static final List<List<String>> PAIRS =
            List.of(List.of("before", "after"), List.of("from", "to"), List.of("was", "is"));

    private Changes() {}

    static List<Change> of(String fact, JsonNode detail) {
        var changes = new ArrayList<Change>();
        for (var change : detail.path("changes").properties()) {
            changes.add(new Change(
                    change.getKey(),
                    text(change.getValue().path("before")),
                    text(change.getValue().path("after"))));
        }
        for (var pair : PAIRS) {
            if (detail.has(pair.getFirst()) && detail.has(pair.getLast())) {
                changes.add(
                        new Change(field(fact), text(detail.path(pair.getFirst())), text(detail.path(pair.getLast()))));
            }
        }
        switch (fact) {
            case "SongSubmitted", "SongResubmitted" -> changes.add(new Change("status", null, "pending"));
            case "SongApproved" -> changes.add(new Change("status", "pending", "approved"));
            case "SongRejected" -> changes.add(new Change("status", "pending", "rejected"));
            case "SongWithdrawn" -> changes.add(new Change("status", null, "withdrawn"));
            case "VoteWithdrawn" -> changes.add(new Change("status", null, "withdrawn"));
            case "MemberAdded" -> changes.add(new Change("role", null, text(detail.path("role"))));
            case "MemberRemoved" -> changes.add(new Change("role", text(detail.path("role")), null));
            case "ClientAdded", "ContestAdded" -> changes.add(new Change("name", null, text(detail.path("name"))));
            default -> {
                // It says all there is to say, or changed nothing.
            }
        }
        return changes;
    }

    private static String field(String fact) {
        return switch (fact) {
            case "MemberChanged" -> "role";
            case "UsernameChanged" -> "username";
            default -> "status";
        };
    }

    /// On one line.
    static String text(List<Change> changes) {
        return changes.stream()
                .map(change -> "%s: %s -> %s".formatted(change.field(), words(change.before()), words(change.after())))
                .collect(Collectors.joining("; "));
    }

    private static String words(@Nullable String value) {
        return value == null ? "(nothing)" : value;
    }

    private static @Nullable String text(JsonNode value) {
        if (value.isNull() || value.isMissingNode()) {
            return null;
        }
        return value.isString() ? value.stringValue() : value.toString();
    }
}
