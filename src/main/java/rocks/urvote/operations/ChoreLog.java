package rocks.urvote.operations;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.operations.ChoreBook.Outcome;
import rocks.urvote.operations.ChoreBook.Run;

/// The runs of the chores, each in the schema of its service. The database's clock is the one that counts, as nodes may
/// not agree on the time.
@Component
final class ChoreLog {

    /// Of each chore so many runs are kept, and its last success however old.
    private static final int KEPT = 100;

    private static final int LONGEST_NOTE = 2000;

    /// Each service has its own log in its own schema.
    private static final Map<String, String> SCHEMAS = Map.of("identity", "identity", "media", "media");

    private final Transactions transactions;
    private final JdbcClient db;

    ChoreLog(Transactions transactions, JdbcClient db) {
        this.transactions = transactions;
        this.db = db;
    }

    /// How a chore stands.
    ///
    /// @param now      by the database
    /// @param last     its newest run
    /// @param done     its newest run that came to its end
    /// @param failures how many failed since
    record Standing(Instant now, Optional<Run> last, Optional<Run> done, int failures) {

        /// When it is due by what is on record.
        ///
        /// @param start when the node that asks has started
        Instant due(Schedule schedule, Instant start) {
            if (last.isEmpty() || last.get().startedAt().isAfter(now)) {
                return start.plus(schedule.afterStart());
            }
            var run = last.get();
            var regular = schedule.after(run.startedAt());
            if (run.outcome() != Outcome.DONE) {
                var ended = run.endedAt() == null ? run.startedAt() : run.endedAt();
                var again = ended.plus(schedule.retry(Math.max(1, failures)));
                return again.isBefore(regular) ? again : regular;
            }
            return regular.isBefore(start) ? later(regular, start.plus(schedule.afterStart())) : regular;
        }

        private static Instant later(Instant one, Instant other) {
            return one.isAfter(other) ? one : other;
        }
    }

    Instant now() {
        return db.sql("select clock_timestamp()")
                .query((row, _) -> row.getTimestamp(1).toInstant())
                .single();
    }

    Map<String, Standing> standings(Collection<Chore> chores) {
        var found = new LinkedHashMap<String, Standing>();
        schemas(chores).forEach((schema, names) -> {
            var known = standings(schema);
            var now = now();
            names.forEach(name -> found.put(
                    name, known.getOrDefault(name, new Standing(now, Optional.empty(), Optional.empty(), 0))));
        });
        return found;
    }

    Standing standing(Chore chore) {
        return standings(List.of(chore)).values().iterator().next();
    }

    /// Each with the time at which it was read: by a time from before that, what another node has begun in between
    /// would lie in the future.
    private Map<String, Standing> standings(String schema) {
        var rows = transactions.as(
                Acting.CHORE,
                () -> db.sql("""
                    with newest as (
                        select distinct on (chore) * from {schema}.chore_runs order by chore, id desc
                    ), done as (
                        select distinct on (chore) * from {schema}.chore_runs where outcome = 'done' order by chore, id desc
                    )
                    select chore, newest.node, newest.started_at, newest.ended_at, newest.outcome, newest.note,
                           done.node, done.started_at, done.ended_at, done.outcome, done.note,
                           (select count(*)
                              from {schema}.chore_runs r
                             where r.chore = newest.chore
                               and r.id > coalesce(done.id, 0)
                               and r.outcome in ('failed', 'broken_off')),
                           clock_timestamp()
                      from newest
                      left join done using (chore)
                    """.replace("{schema}", schema))
                        .query((row, _) -> Map.entry(
                                row.getString(1),
                                new Standing(
                                        row.getTimestamp(13).toInstant(),
                                        Optional.ofNullable(run(row, 2)),
                                        Optional.ofNullable(run(row, 7)),
                                        row.getInt(12))))
                        .list());
        return rows.stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /// The newest runs of each chore, the newest first.
    Map<String, List<Run>> runs(Collection<Chore> chores, int most) {
        var found = new LinkedHashMap<String, List<Run>>();
        schemas(chores)
                .keySet()
                .forEach(schema -> transactions
                        .as(
                                Acting.CHORE,
                                () -> db.sql("""
                                    select chore, node, started_at, ended_at, outcome, note
                                      from (select *, row_number() over (partition by chore order by id desc) as n
                                              from {schema}.chore_runs) counted
                                     where n <= :most
                                        or id = (select max(id)
                                                   from {schema}.chore_runs r
                                                  where r.chore = counted.chore and r.outcome = 'done')
                                     order by id desc
                                    """.replace("{schema}", schema))
                                        .param("most", most)
                                        .query((row, _) ->
                                                Map.entry(row.getString(1), Objects.requireNonNull(run(row, 2))))
                                        .list())
                        .forEach(run -> found.computeIfAbsent(run.getKey(), _ -> new ArrayList<>())
                                .add(run.getValue())));
        return found;
    }

    /// Begins a run, for whoever holds the chore's lock: a run that is still on record as under way broke off.
    long begin(Chore chore, String node) {
        var schema = schema(chore);
        return transactions.as(Acting.CHORE, () -> {
            db.sql("""
                update %s.chore_runs
                   set outcome = 'broken_off', ended_at = greatest(started_at, clock_timestamp()),
                       note = 'The node ended in the middle of it, or its connection did.'
                 where chore = :chore and outcome = 'running'
                """.formatted(schema)).param("chore", chore.name()).update();
            return db.sql("""
                insert into %s.chore_runs (chore, node, started_at, outcome)
                values (:chore, :node, clock_timestamp(), 'running')
                returning id
                """.formatted(schema))
                    .param("chore", chore.name())
                    .param("node", node)
                    .query(Long.class)
                    .single();
        });
    }

    /// Ends a run, and lets go of the oldest.
    void end(Chore chore, long run, Outcome outcome, String note) {
        var schema = schema(chore);
        transactions.as(Acting.CHORE, () -> {
            db.sql("""
                update %s.chore_runs
                   set outcome = :outcome, ended_at = greatest(started_at, clock_timestamp()), note = :note
                 where id = :run and outcome = 'running'
                """.formatted(schema))
                    .param("run", run)
                    .param("outcome", outcome)
                    .param("note", storable(note))
                    .update();
            db.sql("""
                delete from {schema}.chore_runs
                 where chore = :chore
                   and id < (select id
                               from {schema}.chore_runs
                              where chore = :chore
                              order by id desc
                             offset :kept - 1
                              limit 1)
                   and id is distinct from
                       (select max(id) from {schema}.chore_runs where chore = :chore and outcome = 'done')
                """.replace("{schema}", schema))
                    .param("chore", chore.name())
                    .param("kept", KEPT)
                    .update();
        });
    }

    private static String storable(String note) {
        var text = note.replace("\u0000", "");
        return text.length() > LONGEST_NOTE ? text.substring(0, LONGEST_NOTE - 1) + "…" : text;
    }

    private static Map<String, Set<String>> schemas(Collection<Chore> chores) {
        return chores.stream()
                .collect(Collectors.groupingBy(ChoreLog::schema, Collectors.mapping(Chore::name, Collectors.toSet())));
    }

    private static String schema(Chore chore) {
        var module = chore.getClass().getPackageName().replaceFirst("rocks\\.urvote\\.", "");
        return SCHEMAS.getOrDefault(module, "contest");
    }

    private static @Nullable Run run(ResultSet row, int from) throws SQLException {
        var node = row.getString(from);
        if (node == null) {
            return null;
        }
        return new Run(
                node,
                row.getTimestamp(from + 1).toInstant(),
                instant(row.getTimestamp(from + 2)),
                Outcome.valueOf(row.getString(from + 3).toUpperCase(Locale.ROOT)),
                row.getString(from + 4));
    }

    private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
        return timestamp == null ? null : timestamp.toInstant();
    }
}
