package rocks.urvote.operations.care;

import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rocks.urvote.operations.Chore;
import rocks.urvote.operations.Command;
import rocks.urvote.operations.Databases;
import rocks.urvote.operations.Schedule;
import rocks.urvote.operations.care.TableState.Need;

/// `VACUUM (ANALYZE)` where autovacuum does not suffice, by what PostgreSQL has counted: many dead or new rows in large
/// tables, months no votes come to any more, which are frozen once, and the statistics of partitioned tables, which
/// autovacuum never takes.
final class CareOfTables implements Chore {

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final Databases databases;
    private final int hour;

    CareOfTables(Databases databases, int hour) {
        this.databases = databases;
        this.hour = hour;
    }

    @Override
    public String name() {
        return "care of tables";
    }

    @Override
    public Schedule schedule() {
        return Schedule.daily(hour);
    }

    private record Work(TableState table, Need need) {

        String sentence() {
            return switch (need) {
                case Need.Vacuum(var why) -> "%s would be vacuumed: %s.".formatted(table.name(), why);
                case Need.Freeze(var why) -> "%s would be frozen: %s.".formatted(table.name(), why);
                case Need.Analyze(var why) -> "%s would be analysed: %s.".formatted(table.name(), why);
            };
        }

        /// It gives the end of a table back to the disk only where that stops nobody.
        String sql() {
            return switch (need) {
                case Need.Vacuum _ -> "vacuum (analyze, truncate off) " + table.name();
                case Need.Freeze _ -> "vacuum (freeze, analyze) " + table.name();
                case Need.Analyze _ -> "analyze " + table.name();
            };
        }
    }

    @Override
    public List<String> plan() throws SQLException {
        try (var session = OwnersSession.open(databases)) {
            return work(session).stream().map(Work::sentence).toList();
        }
    }

    /// A table that somebody has locked keeps none of the others from its care; it is for the next try.
    @Override
    public String run() throws SQLException {
        try (var session = OwnersSession.open(databases)) {
            session.execute("set lock_timeout = '5s'");
            var vacuumed = new ArrayList<String>();
            var frozen = new ArrayList<String>();
            var analysed = new ArrayList<String>();
            var locked = new ArrayList<String>();
            for (var work : work(session)) {
                if (!done(session, work.sql())) {
                    locked.add(work.table().name());
                    continue;
                }
                switch (work.need()) {
                    case Need.Vacuum _ -> vacuumed.add(work.table().name());
                    case Need.Freeze _ -> frozen.add(work.table().name());
                    case Need.Analyze _ -> analysed.add(work.table().name());
                }
            }
            for (var parent : parents(session)) {
                (done(session, "analyze " + parent) ? analysed : locked).add(parent);
            }
            var did = new ArrayList<String>();
            told("vacuumed", vacuumed).ifPresent(did::add);
            told("frozen", frozen).ifPresent(did::add);
            told("analysed", analysed).ifPresent(did::add);
            told("locked by others, and left", locked).ifPresent(did::add);
            if (!locked.isEmpty()) {
                throw new Command.Failed(String.join("; ", did) + ".");
            }
            return did.isEmpty() ? "No table needs care." : String.join("; ", did) + ".";
        }
    }

    /// Not where somebody else holds a lock for so long that it is given up.
    private static boolean done(OwnersSession session, String sql) throws SQLException {
        try {
            session.execute(sql);
            return true;
        } catch (SQLException e) {
            if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    private static Optional<String> told(String what, List<String> tables) {
        return tables.isEmpty() ? Optional.empty() : Optional.of("%s: %s".formatted(what, String.join(", ", tables)));
    }

    private static List<Work> work(OwnersSession session) {
        var oldest = YearMonth.parse(session.db()
                .sql("select to_char((now() at time zone 'UTC') - interval '1 month', 'YYYY-MM')")
                .query(String.class)
                .single());
        return tables(session).stream()
                .flatMap(table -> table.need(oldest).map(need -> new Work(table, need)).stream())
                .toList();
    }

    private static List<TableState> tables(OwnersSession session) {
        return session.db()
                .sql("""
                    select format('%I.%I', s.schemaname, s.relname) as name, s.n_live_tup, s.n_dead_tup,
                           s.n_ins_since_vacuum, s.n_mod_since_analyze, age(c.relfrozenxid) as age, s.last_vacuum,
                           case when c.relispartition and s.relname ~ '_[0-9]{4}_[0-9]{2}$'
                                then translate(right(s.relname, 7), '_', '-') end as month
                      from pg_stat_user_tables s
                      join pg_class c on c.oid = s.relid
                     where s.schemaname in (:schemas) and c.relkind = 'r'
                     order by 1
                    """)
                .param("schemas", Databases.SCHEMAS)
                .query((row, _) -> {
                    var vacuumed = row.getTimestamp("last_vacuum");
                    var month = row.getString("month");
                    return new TableState(
                            row.getString("name"),
                            row.getLong("n_live_tup"),
                            row.getLong("n_dead_tup"),
                            row.getLong("n_ins_since_vacuum"),
                            row.getLong("n_mod_since_analyze"),
                            row.getLong("age"),
                            vacuumed == null ? null : vacuumed.toInstant(),
                            month == null ? null : YearMonth.parse(month));
                })
                .list();
    }

    /// Partitioned tables with no statistics, or with a part that has newer ones.
    private static List<String> parents(OwnersSession session) {
        return session.db()
                .sql("""
                    select format('%I.%I', s.schemaname, s.relname)
                      from pg_stat_user_tables s
                      join pg_class c on c.oid = s.relid
                     where s.schemaname in (:schemas)
                       and c.relkind = 'p'
                       and (s.last_analyze is null
                            or s.last_analyze < (select max(greatest(p.last_analyze, p.last_autoanalyze))
                                                   from pg_inherits i
                                                   join pg_stat_user_tables p on p.relid = i.inhrelid
                                                  where i.inhparent = s.relid))
                     order by 1
                    """)
                .param("schemas", Databases.SCHEMAS)
                .query((row, _) -> row.getString(1))
                .list();
    }
}
