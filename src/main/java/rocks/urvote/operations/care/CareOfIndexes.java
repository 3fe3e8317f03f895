package rocks.urvote.operations.care;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import rocks.urvote.operations.Chore;
import rocks.urvote.operations.Databases;
import rocks.urvote.operations.Schedule;

/// `REINDEX CONCURRENTLY` for indexes that are mostly air, while everybody goes on using them. One that broke off
/// leaves an index behind that is of no use and costs every write: that is taken away.
final class CareOfIndexes implements Chore {

    /// When an index is rebuilt.
    ///
    /// @param least bytes that are won by it
    /// @param bloat the least share of air
    record Bloated(long least, double bloat) {

        static final Bloated USUAL = new Bloated(16L << 20, 0.4);
    }

    private final Databases databases;
    private final int hour;
    private final Bloated bloated;

    CareOfIndexes(Databases databases, int hour, Bloated bloated) {
        this.databases = databases;
        this.hour = hour;
        this.bloated = bloated;
    }

    @Override
    public String name() {
        return "care of indexes";
    }

    @Override
    public Schedule schedule() {
        return Schedule.daily(hour);
    }

    @Override
    public List<String> plan() throws SQLException {
        try (var session = OwnersSession.open(databases)) {
            var plan = new ArrayList<String>();
            leftovers(session)
                    .forEach(index -> plan.add("%s would be dropped: a rebuild left it behind.".formatted(index)));
            bloated(session)
                    .forEach(index -> plan.add("%s would be rebuilt: %.0f %% of %,d kB is air (%s)."
                            .formatted(index.name(), index.bloat() * 100, index.bytes() >> 10, index.source())));
            return plan;
        }
    }

    @Override
    public String run() throws SQLException {
        try (var session = OwnersSession.open(databases)) {
            // A rebuild waits for those who looked at the table before it: for a backup of many hours it does not.
            session.execute("set lock_timeout = '10min'");
            var dropped = dropLeftovers(session);
            var did = new ArrayList<String>();
            try {
                for (var index : bloated(session)) {
                    session.execute("reindex index concurrently " + index.name());
                    did.add("%s rebuilt, %,d kB instead of %,d (%.0f %% air, %s)"
                            .formatted(
                                    index.name(),
                                    bytes(session, index.name()) >> 10,
                                    index.bytes() >> 10,
                                    index.bloat() * 100,
                                    index.source()));
                }
            } finally {
                dropped += dropLeftovers(session);
            }
            if (dropped > 0) {
                did.add("%d dropped that a rebuild had left behind".formatted(dropped));
            }
            return did.isEmpty() ? "No index needs to be rebuilt." : String.join("; ", did) + ".";
        }
    }

    private static int dropLeftovers(OwnersSession session) throws SQLException {
        var leftovers = leftovers(session);
        for (var index : leftovers) {
            session.execute("drop index concurrently if exists " + index);
        }
        return leftovers.size();
    }

    /// Of rebuilds that are not under way.
    private static List<String> leftovers(OwnersSession session) {
        return session.db()
                .sql("""
                    select format('%I.%I', n.nspname, c.relname)
                      from pg_index i
                      join pg_class c on c.oid = i.indexrelid
                      join pg_namespace n on n.oid = c.relnamespace
                     where n.nspname in (:schemas)
                       and not i.indisvalid
                       and c.relname ~ '_cc(new|old)[0-9]*$'
                       and not exists (select from pg_stat_progress_create_index p where p.relid = i.indrelid)
                     order by 1
                    """)
                .param("schemas", Databases.SCHEMAS)
                .query((row, _) -> row.getString(1))
                .list();
    }

    /// Worst first.
    private List<IndexState> bloated(OwnersSession session) {
        var measure = mayMeasure(session);
        return candidates(session).stream()
                .map(index -> measure ? measured(session, index) : estimated(session, index))
                .filter(index -> index.wasted() >= bloated.least() && index.bloat() >= bloated.bloat())
                .sorted((one, other) -> Long.compare(other.wasted(), one.wasted()))
                .toList();
    }

    /// @param table where rows are seen: a partition has no policies of its own, so that is its parent
    private record Candidate(String name, String table, long bytes, double rows, List<String> keys) {}

    /// The size of an index is asked for of ours only, as it waits for whoever has locked one.
    private List<Candidate> candidates(OwnersSession session) {
        return session.db()
                .sql("""
                    with ours as materialized (
                        select c.oid, format('%I.%I', n.nspname, c.relname) as name,
                               coalesce(parent.inhparent, i.indrelid)::regclass::text as on_table,
                               greatest(c.reltuples, 0) as rows,
                               array(select pg_get_indexdef(c.oid, k, true) from generate_series(1, i.indnatts) k) as keys
                          from pg_index i
                          join pg_class c on c.oid = i.indexrelid and c.relkind = 'i'
                          join pg_am a on a.oid = c.relam and a.amname = 'btree'
                          join pg_namespace n on n.oid = c.relnamespace
                          left join pg_inherits parent on parent.inhrelid = i.indrelid
                         where n.nspname in (:schemas)
                           and i.indisvalid
                    )
                    select name, on_table, bytes, rows, keys
                      from ours
                     cross join lateral pg_relation_size(oid) bytes
                     where bytes >= :least
                     order by name
                    """)
                .param("schemas", Databases.SCHEMAS)
                .param("least", bloated.least())
                .query((row, _) -> new Candidate(
                        row.getString("name"),
                        row.getString("on_table"),
                        row.getLong("bytes"),
                        row.getDouble("rows"),
                        List.of((String[]) row.getArray("keys").getArray())))
                .list();
    }

    /// Where an administrator has installed pgstattuple and lets the owner of the tables use it.
    private static boolean mayMeasure(OwnersSession session) {
        return session.db().sql("""
            select exists (select
                             from pg_proc p
                             join pg_depend d on d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
                             join pg_extension e on e.oid = d.refobjid and e.extname = 'pgstattuple'
                            where p.proname = 'pgstatindex'
                              and pg_get_function_arguments(p.oid) like '%regclass%'
                              and has_function_privilege(p.oid, 'execute')
                              and has_schema_privilege(p.pronamespace, 'usage'))
            """).query(Boolean.class).single();
    }

    private static IndexState measured(OwnersSession session, Candidate index) {
        var schema = session.db()
                .sql("select quote_ident(n.nspname) from pg_extension e join pg_namespace n on n.oid = e.extnamespace"
                        + " where e.extname = 'pgstattuple'")
                .query(String.class)
                .single();
        var density = session.db()
                .sql("select avg_leaf_density from %s.pgstatindex(cast(:index as regclass))".formatted(schema))
                .param("index", index.name())
                .query(Double.class)
                .single();
        return IndexState.measured(index.name(), index.bytes(), density.isNaN() ? 90 : density);
    }

    /// The keys of the rows that come first stand for all. Where none are seen, nothing is claimed.
    private static IndexState estimated(OwnersSession session, Candidate index) {
        var sizes = String.join(
                " + ",
                index.keys().stream()
                        .map("coalesce(pg_column_size(%s), 0)"::formatted)
                        .toList());
        return session.db()
                .sql("select avg(%s) from (select * from %s limit 1000) sample having count(*) > 0"
                        .formatted(sizes, index.table()))
                .query(Double.class)
                .optional()
                .map(width -> IndexState.estimated(index.name(), index.bytes(), index.rows(), width))
                .orElseGet(() -> new IndexState(index.name(), index.bytes(), 0, "estimated"));
    }

    private static long bytes(OwnersSession session, String index) {
        return session.db()
                .sql("select pg_relation_size(cast(:index as regclass))")
                .param("index", index)
                .query(Long.class)
                .single();
    }
}
