package rocks.urvote.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import rocks.urvote.clients.Client;
import rocks.urvote.clients.Clients;
import rocks.urvote.identity.People;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.UserId;
import rocks.urvote.web.Position;
import rocks.urvote.web.Window;
import tools.jackson.databind.json.JsonMapper;

/// The logs of all services as one, the newest line first: each is asked for its own, and they are merged by time.
@Repository
class Log {

    /// Each service has its own log in its own schema.
    static final List<String> SERVICES = List.of("contest", "identity", "media");

    private static final Comparator<LogEntry> NEWEST_FIRST = Comparator.comparing(LogEntry::happenedAt)
            .reversed()
            .thenComparing(LogEntry::service)
            .thenComparing(Comparator.comparingLong(LogEntry::id).reversed());

    private final JdbcClient db;
    private final People people;
    private final Clients clients;
    private final JsonMapper json;

    Log(JdbcClient db, People people, Clients clients, JsonMapper json) {
        this.db = db;
        this.people = people;
        this.clients = clients;
        this.json = json;
    }

    /// After this line one reads on.
    record Place(Instant at, int service, long id) {

        static Place of(LogEntry last) {
            return new Place(last.happenedAt(), SERVICES.indexOf(last.service()), last.id());
        }

        static Optional<Place> of(Window window) {
            return Optional.ofNullable(window.after()).map(text -> {
                if (!text.matches("[0-9]{1,18}:[0-2]:[0-9]{1,18}")) {
                    throw Position.unknown();
                }
                var parts = text.split(":", -1);
                return new Place(
                        Instant.EPOCH.plus(Long.parseLong(parts[0]), ChronoUnit.MICROS),
                        Integer.parseInt(parts[1]),
                        Long.parseLong(parts[2]));
            });
        }

        @Override
        public String toString() {
            return "%d:%d:%d".formatted(ChronoUnit.MICROS.between(Instant.EPOCH, at), service, id);
        }
    }

    List<LogEntry> read(LogFilter filter, @Nullable Place after, int rows) {
        var found = new ArrayList<LogEntry>();
        for (var service : SERVICES) {
            found.addAll(of(service, filter, after, rows));
        }
        return found.stream().sorted(NEWEST_FIRST).limit(rows).toList();
    }

    /// The same with the names people know; those of accounts that are gone are missing.
    List<LogEntry> named(Collection<LogEntry> entries) {
        var actors = people.find(
                entries.stream().map(LogEntry::actorId).filter(Objects::nonNull).collect(Collectors.toSet()));
        var brands = clients.find(entries.stream()
                .map(LogEntry::clientId)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet()));
        return entries.stream()
                .map(entry -> entry.named(
                        Optional.ofNullable(entry.actorId())
                                .map(actors::get)
                                .map(People.Person::username)
                                .orElse(null),
                        Optional.ofNullable(entry.clientId())
                                .map(brands::get)
                                .map(Client::name)
                                .orElse(null)))
                .toList();
    }

    private List<LogEntry> of(String service, LogFilter filter, @Nullable Place after, int rows) {
        var conditions = new ArrayList<String>();
        var values = new LinkedHashMap<String, Object>();
        if (filter.who() != null) {
            conditions.add("actor_id = :who");
            values.put("who", filter.who());
        }
        if (filter.fact() != null) {
            conditions.add("fact = :fact");
            values.put("fact", filter.fact());
        }
        if (filter.client() != null) {
            conditions.add("(client_id = :client or detail @> cast(:ofClient as jsonb))");
            values.put("client", filter.client());
            values.put("ofClient", json.writeValueAsString(Map.of("client", filter.client())));
        }
        if (filter.from() != null) {
            conditions.add("happened_at >= :from");
            values.put("from", filter.from());
        }
        if (filter.until() != null) {
            conditions.add("happened_at < :until");
            values.put("until", filter.until());
        }
        about(filter.about(), conditions, values);
        after(service, after, conditions, values);
        var where = conditions.isEmpty() ? "" : "where " + String.join("\n   and ", conditions);
        return db.sql("""
            select id, happened_at, fact, actor_role, actor_id,
                   coalesce(client_id, cast(detail ->> 'client' as bigint)) as client_id,
                   coalesce(reason, detail ->> 'reason') as reason, detail::text as detail
              from %s.audit_log
              %s
             order by happened_at desc, id desc
             limit :rows
            """.formatted(service, where))
                .params(values)
                .param("rows", rows)
                .query((row, _) -> entry(service, row))
                .list();
    }

    private void about(LogFilter.@Nullable Subject subject, List<String> conditions, Map<String, Object> values) {
        if (subject == null) {
            return;
        }
        var any = new ArrayList<String>();
        for (var name : subject.kind().names()) {
            any.add("detail @> cast(:about_%s as jsonb)".formatted(name));
            values.put("about_" + name, json.writeValueAsString(Map.of(name, subject.id())));
        }
        conditions.add("(" + String.join(" or ", any) + ")");
    }

    private static void after(
            String service, @Nullable Place after, List<String> conditions, Map<String, Object> values) {
        if (after == null) {
            return;
        }
        values.put("at", after.at());
        var place = SERVICES.indexOf(service);
        if (place < after.service()) {
            conditions.add("happened_at < :at");
        } else if (place > after.service()) {
            conditions.add("happened_at <= :at");
        } else {
            conditions.add("(happened_at, id) < (:at, :id)");
            values.put("id", after.id());
        }
    }

    private LogEntry entry(String service, ResultSet row) throws SQLException {
        var detail = json.readTree(row.getString("detail"));
        var actor = row.getObject("actor_id", Long.class);
        var client = row.getObject("client_id", Long.class);
        return new LogEntry(
                service,
                row.getLong("id"),
                row.getTimestamp("happened_at").toInstant(),
                row.getString("fact"),
                row.getString("actor_role"),
                actor == null ? null : new UserId(actor),
                null,
                client == null ? null : new ClientId(client),
                null,
                row.getString("reason"),
                Changes.of(row.getString("fact"), detail),
                detail);
    }
}
