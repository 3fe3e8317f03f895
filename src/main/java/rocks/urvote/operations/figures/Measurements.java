package rocks.urvote.operations.figures;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import rocks.urvote.operations.Databases;
import rocks.urvote.operations.MissingMonths;

/// Asks PostgreSQL what it knows of itself. Whoever calls it does so within a transaction, or on a connection,
/// that is a chore's; a table that somebody has locked is waited for no longer than its `lock_timeout`.
final class Measurements {

    /// The tables of the schemas named, each with its partitions. A table that was not looked at since it was
    /// filled has no count of its rows yet; then the planner's is taken.
    private static final String TABLES = """
        with parts as (
            select c.oid, coalesce(pg_partition_root(c.oid), c.oid) as root, c.relispartition as part,
                   case when s.n_live_tup > 0 then s.n_live_tup else greatest(c.reltuples, 0)::bigint end as rows,
                   coalesce(s.n_dead_tup, 0) as dead_rows,
                   pg_table_size(c.oid) as table_bytes,
                   pg_indexes_size(c.oid) as index_bytes,
                   greatest(s.last_vacuum, s.last_autovacuum) as vacuumed_at
              from pg_class c
              left join pg_stat_all_tables s on s.relid = c.oid
             where c.relnamespace in (select oid from pg_namespace where nspname in (:schemas))
               and c.relkind in ('r', 'p')
        )
        select n.nspname::text as schema, t.relname::text as name, count(*) filter (where p.part)::int as partitions,
               sum(case when t.relkind = 'p' and not p.part then 0 else p.rows end)::bigint as rows,
               sum(p.dead_rows)::bigint as dead_rows,
               sum(p.table_bytes)::bigint as table_bytes, sum(p.index_bytes)::bigint as index_bytes,
               max(p.vacuumed_at) as vacuumed_at, null::bigint as bytes_a_day
          from parts p
          join pg_class t on t.oid = p.root
          join pg_namespace n on n.oid = t.relnamespace
         group by 1, 2
         order by sum(p.table_bytes + p.index_bytes) desc, 1, 2
        """;

    private static final Duration A_DAY = Duration.ofDays(1);
    private static final String LOCKED = "55P03";

    private final JdbcClient db;

    Measurements(JdbcClient db) {
        this.db = db;
    }

    /// All of it, or an exception where somebody has locked a table.
    Sizes sizes() {
        var whole = whole();
        return sizes(whole, tables(whole.measuredAt()), months(), unusedIndexes(), false);
    }

    /// As much of it as can be had whoever has locked what.
    Sizes sizesAtLeast() {
        var whole = whole();
        return unlessLocked(
                () -> sizes(whole, tables(whole.measuredAt()), months(), unusedIndexes(), false),
                sizes(whole, List.of(), List.of(), List.of(), true));
    }

    /// What is asked for, or something else where a table that it needs is locked.
    static <T> T unlessLocked(Supplier<T> asked, T otherwise) {
        try {
            return asked.get();
        } catch (DataAccessException e) {
            if (e.getMostSpecificCause() instanceof SQLException refused && LOCKED.equals(refused.getSQLState())) {
                return otherwise;
            }
            throw e;
        }
    }

    private static Sizes sizes(
            Whole whole,
            List<TableSize> tables,
            List<Sizes.Month> months,
            List<Sizes.UnusedIndex> unused,
            boolean locked) {
        return new Sizes(
                whole.name(),
                whole.server(),
                whole.measuredAt(),
                whole.bytes(),
                tables,
                months,
                unused,
                whole.countedSince(),
                locked);
    }

    private Whole whole() {
        return db.sql("""
            select current_database()::text as name, current_setting('server_version') as server, now() as measured_at,
                   pg_database_size(current_database()) as bytes,
                   (select stats_reset from pg_stat_database where datname = current_database()) as counted_since
            """).query(Whole.class).single();
    }

    private record Whole(
            String name,
            String server,
            Instant measuredAt,
            long bytes,
            @Nullable Instant countedSince) {}

    private List<TableSize> tables(Instant now) {
        var before = new HashMap<String, Sample>();
        Databases.SCHEMAS.forEach(schema ->
                samples(schema).forEach(sample -> before.put(schema + "." + sample.name(), sample)));
        return all(db.sql(TABLES).param("schemas", Databases.SCHEMAS).query(TableSize.class)).stream()
                .map(table -> {
                    var sample = before.get(table.fullName());
                    return sample == null ? table : table.growing(sample.growth(table.bytes(), now));
                })
                .toList();
    }

    /// How large a table was once.
    private record Sample(String name, long bytes, Instant measuredAt) {

        long growth(long bytesNow, Instant now) {
            double days = (double) Duration.between(measuredAt, now).toMillis() / A_DAY.toMillis();
            return Math.round((bytesNow - bytes) / days);
        }
    }

    /// Of each table the one that is nearest to a week old, and no younger than most of a day.
    private List<Sample> samples(String schema) {
        if (!there(schema + ".size_samples")) {
            return List.of();
        }
        return all(db.sql("""
            select distinct on (name) name, table_bytes + index_bytes as bytes, measured_at
              from %s.size_samples
             where measured_at < now() - interval '20 hours'
             order by name, abs(extract(epoch from now() - interval '7 days' - measured_at))
            """.formatted(schema)).query(Sample.class));
    }

    private List<Sizes.Month> months() {
        return all(db.sql("""
            select n.nspname::text as schema, t.relname::text as table, c.relname::text as name,
                   case when s.n_live_tup > 0 then s.n_live_tup else greatest(c.reltuples, 0)::bigint end as rows,
                   coalesce(s.n_dead_tup, 0) as dead_rows,
                   coalesce(pg_table_size(c.oid), 0) as table_bytes, coalesce(pg_indexes_size(c.oid), 0) as index_bytes
              from pg_class c
              join pg_class t on t.oid = pg_partition_root(c.oid)
              join pg_namespace n on n.oid = t.relnamespace
              left join pg_stat_all_tables s on s.relid = c.oid
             where n.nspname in (:schemas) and c.relkind = 'r' and c.relispartition
             order by t.relname, c.relname desc
            """).param("schemas", Databases.SCHEMAS).query(Sizes.Month.class));
    }

    private List<Sizes.UnusedIndex> unusedIndexes() {
        return all(db.sql("""
            select n.nspname::text as schema, t.relname::text as table, root.relname::text as name,
                   sum(pg_relation_size(c.oid))::bigint as bytes
              from pg_index i
              join pg_class c on c.oid = i.indexrelid
              join pg_class root on root.oid = coalesce(pg_partition_root(c.oid), c.oid)
              join pg_index top on top.indexrelid = root.oid
              join pg_class t on t.oid = top.indrelid
              join pg_namespace n on n.oid = t.relnamespace
              left join pg_stat_all_indexes s on s.indexrelid = i.indexrelid
             where n.nspname in (:schemas)
               and not top.indisunique and not top.indisexclusion
               and t.relname <> 'flyway_schema_history'
             group by 1, 2, 3
            having coalesce(sum(s.idx_scan), 0) = 0
             order by 4 desc, 1, 2, 3
            """).param("schemas", Databases.SCHEMAS).query(Sizes.UnusedIndex.class));
    }

    /// What uploads grew by on a day of the last week; absent where none came yet.
    OptionalLong uploadsADay() {
        if (!there("media.files")) {
            return OptionalLong.empty();
        }
        var files = db.sql("""
            select coalesce(sum(size) filter (where created_at > now() - interval '7 days'), 0)::bigint as bytes,
                   least(7, extract(epoch from now() - min(created_at)) / 86400)::float8 as days
              from media.files
            """).query(Uploaded.class).single();
        return files.days() == null || files.days() < 0.8
                ? OptionalLong.empty()
                : OptionalLong.of(Math.round(files.bytes() / files.days()));
    }

    private record Uploaded(long bytes, @Nullable Double days) {}

    /// Keeps how large each table is, unless it was done today, and forgets what is older than a year.
    int keepSample() {
        var kept = 0;
        for (var schema : Databases.SCHEMAS) {
            kept += db.sql("""
                insert into %s.size_samples (name, rows, table_bytes, index_bytes)
                select name, rows, table_bytes, index_bytes
                  from (%s) sizes
                    on conflict do nothing
                """.formatted(schema, TABLES))
                    .param("schemas", List.of(schema))
                    .update();
            db.sql("delete from %s.size_samples where measured_at < now() - interval '1 year'".formatted(schema))
                    .update();
        }
        return kept;
    }

    /// Looks at no table, so that it answers while everything else waits for a lock.
    Activity activity() {
        var before = Instant.now();
        var server = db.sql("""
            select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
                   - coalesce(current_setting('reserved_connections', true)::int, 0) as room,
                   (select age(datfrozenxid)::bigint from pg_database where datname = current_database()) as transaction_ids,
                   (select count(*)::int from pg_stat_replication) as replicas,
                   (select deadlocks from pg_stat_database where datname = current_database()) as deadlocks,
                   (select coalesce(extract(epoch from max(clock_timestamp() - xact_start)), 0)::float8
                      from pg_stat_activity
                     where datname = current_database() and pid <> pg_backend_pid()) as longest_transaction,
                   clock_timestamp() as clock
            """).query(Server.class).single();
        var here = before.plus(Duration.between(before, Instant.now()).dividedBy(2));
        var connections = new LinkedHashMap<String, Integer>();
        db.sql("""
            select coalesce(state, 'other') as state, count(*)::int as n
              from pg_stat_activity
             where datid is not null and pid <> pg_backend_pid()
             group by 1
            """)
                .query((row, _) -> connections.put(row.getString(1), row.getInt(2)))
                .list();
        return new Activity(
                connections,
                server.room(),
                seconds(server.longestTransaction()),
                server.transactionIds(),
                server.replicas(),
                server.deadlocks(),
                waiting(),
                Duration.between(here, server.clock()));
    }

    private record Server(
            int room, long transactionIds, int replicas, long deadlocks, double longestTransaction, Instant clock) {}

    private List<Activity.Waiting> waiting() {
        var waiting = new ArrayList<Activity.Waiting>();
        db.sql("""
            select l.pid, coalesce(nullif(a.application_name, ''), 'somebody') as who,
                   max(extract(epoch from clock_timestamp() - l.waitstart))::float8 as waits,
                   array_to_string(pg_blocking_pids(l.pid), ',') as behind, coalesce(left(a.query, 300), '') as statement
              from pg_locks l
              left join pg_stat_activity a on a.pid = l.pid
             where not l.granted
               and (l.database is null or l.database = (select oid from pg_database where datname = current_database()))
             group by l.pid, a.application_name, a.query
             order by 3 desc nulls last
            """)
                .query((row, _) -> {
                    var behind = row.getString("behind");
                    return waiting.add(new Activity.Waiting(
                            row.getInt("pid"),
                            row.getString("who"),
                            seconds(row.getDouble("waits")),
                            behind.isEmpty()
                                    ? List.of()
                                    : List.of(behind.split(",", -1)).stream()
                                            .map(Integer::valueOf)
                                            .toList(),
                            row.getString("statement")));
                })
                .list();
        return waiting;
    }

    /// Not before the first migration.
    private boolean there(String table) {
        return db.sql("select to_regclass(:table) is not null")
                .param("table", table)
                .query(Boolean.class)
                .single();
    }

    private static <T> List<T> all(JdbcClient.MappedQuerySpec<T> rows) {
        return rows.list();
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    /// What waits in each service's outbox, by schema: facts that somebody has still to hear of.
    Map<String, Report.Outbox> outboxes() {
        var outboxes = new LinkedHashMap<String, Report.Outbox>();
        for (var schema : Databases.SCHEMAS) {
            if (!there(schema + ".event_publication")) {
                continue;
            }
            outboxes.put(
                    schema,
                    db.sql("""
                        select count(*) as waiting,
                               coalesce(extract(epoch from now() - min(publication_date)), 0)::float8 as oldest_seconds
                          from %s.event_publication
                         where completion_date is null
                        """.formatted(schema)).query(Report.Outbox.class).single());
        }
        return outboxes;
    }

    /// How many of the months that votes may come to by the database's clock are not there.
    int missingMonths() {
        return MissingMonths.in(db).size();
    }
}
