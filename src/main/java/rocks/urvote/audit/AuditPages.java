package rocks.urvote.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;
import rocks.urvote.clients.Client;
import rocks.urvote.clients.Clients;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Form;
import rocks.urvote.web.Page;
import rocks.urvote.web.Problem;
import rocks.urvote.web.Slice;
import rocks.urvote.web.Window;
import tools.jackson.databind.JsonNode;

/// The audit log, to look at.
@RestController
class AuditPages {

    /// Where the page of a thing is that a line is about.
    private static final Map<String, LongFunction<String>> PLACES = Map.of(
            "user", id -> "/admin/users/" + id,
            "artist", id -> "/admin/users/" + id,
            "voter", id -> "/admin/users/" + id,
            "song", id -> "/songs/" + id,
            "contest", id -> "/contests/" + id);

    private static final Set<String> SHOWN_ELSEWHERE =
            Set.of("at", "by", "client", "reason", "changes", "before", "after", "from", "to", "was", "is", "role");

    private final Log log;
    private final LogSearch search;
    private final Clients clients;
    private final Transactions transactions;

    AuditPages(Log log, LogSearch search, Clients clients, Transactions transactions) {
        this.log = log;
        this.search = search;
        this.clients = clients;
        this.transactions = transactions;
    }

    public record AuditList(
            Form form,
            List<Client> clients,
            List<Line> lines,
            @Nullable String onwards,
            String export) implements Page {}

    /// One line as people read it.
    public record Line(
            String service,
            long id,
            Instant at,
            @Nullable Long actor,
            String who,
            String what,
            List<About> about,
            List<LogEntry.Change> changes,
            @Nullable String reason,
            @Nullable String client) {}

    /// Something a line mentions, and where it is.
    public record About(String name, String value, @Nullable String path) {}

    @GetMapping("/admin/audit")
    ResponseEntity<Page> auditLog(
            Caller caller,
            @RequestParam(name = "who", required = false) @Nullable String who,
            @RequestParam(name = "fact", required = false) @Nullable String fact,
            @RequestParam(name = "about", required = false) @Nullable String about,
            @RequestParam(name = "client", required = false) @Nullable String client,
            @RequestParam(name = "from", required = false) @Nullable String from,
            @RequestParam(name = "until", required = false) @Nullable String until,
            Window window) {
        caller.mustBeAdmin();
        var typed = new LogSearch.Typed(who, fact, about, client, from, until);
        var form = Form.of(typed.values());
        try {
            var filter = search.filter(typed);
            var after = Log.Place.of(window).orElse(null);
            var found = Slice.of(
                    transactions.as(caller.acting(), () -> log.named(log.read(filter, after, window.rows()))),
                    window,
                    Log.Place::of);
            return new AuditList(
                            form,
                            clients.all(),
                            found.items().stream().map(AuditPages::line).toList(),
                            found.nextCursor() == null ? null : address("", typed, "cursor", found.nextCursor()),
                            address("/admin/audit/export", typed, "format", ""))
                    .with(HttpStatus.OK);
        } catch (Problem.Raised no) {
            if (no.problem().status() != HttpStatus.UNPROCESSABLE_CONTENT) {
                throw no;
            }
            return new AuditList(
                            form.refused(no.problem()), clients.all(), List.of(), null, "/admin/audit/export?format=")
                    .with(no.problem().status());
        }
    }

    /// The same lines elsewhere, with one more word at the end.
    private static String address(String path, LogSearch.Typed typed, String more, String word) {
        var address = UriComponentsBuilder.fromPath(path);
        var values = new LinkedHashMap<String, @Nullable Object>(typed.values());
        values.put(more, word);
        values.keySet().forEach(name -> address.queryParam(name, "{" + name + "}"));
        return address.encode().buildAndExpand(values).toUriString();
    }

    private static Line line(LogEntry entry) {
        var actor = entry.actorId();
        return new Line(
                entry.service(),
                entry.id(),
                entry.happenedAt(),
                actor == null ? null : actor.value(),
                who(entry),
                words(entry.fact()),
                about(entry.detail()),
                entry.changes(),
                entry.reason(),
                entry.client());
    }

    private static String who(LogEntry entry) {
        if (entry.actor() != null) {
            return entry.actor();
        }
        if (entry.actorId() != null) {
            return "somebody who left (%d)".formatted(entry.actorId().value());
        }
        return switch (entry.actorRole()) {
            case "sign_in" -> "at sign-in";
            case "chore" -> "UrVote itself";
            default -> entry.actorRole();
        };
    }

    /// `SongApproved` as a sentence.
    private static String words(String fact) {
        var words = fact.replaceAll("(?<=[a-z])([A-Z])", " $1").toLowerCase(Locale.ROOT);
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    private static List<About> about(JsonNode detail) {
        var about = new ArrayList<About>();
        for (var property : detail.properties()) {
            var value = property.getValue();
            if (SHOWN_ELSEWHERE.contains(property.getKey()) || value.isNull()) {
                continue;
            }
            var place = PLACES.get(property.getKey());
            about.add(new About(
                    property.getKey().replace('_', ' '),
                    shortened(value.isString() ? value.stringValue() : value.toString()),
                    place == null || !value.isIntegralNumber() ? null : place.apply(value.longValue())));
        }
        return about;
    }

    private static String shortened(String text) {
        return text.length() <= 120 ? text : text.substring(0, 119) + "…";
    }
}
