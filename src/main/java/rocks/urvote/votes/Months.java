package rocks.urvote.votes;

import java.sql.Connection;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import rocks.urvote.kernel.Sql;
import rocks.urvote.operations.Command;

/// The months of votes and ballots, attached or detached, as their owner sees and moves them: within one transaction.
final class Months {

    enum State {
        ATTACHED,
        DETACHED,
        ABSENT,
        /// One of its two tables is missing or in another state than the other, which UrVote never does.
        TORN
    }

    record Rows(long votes, long ballots) {

        static final Rows NONE = new Rows(0, 0);
    }

    /// A month with what it holds, and how many contests keep it from being detached.
    record Holding(Month month, State state, Rows rows, long bytes, long open, long closedLately, boolean needed) {

        boolean mayBeDetached() {
            return state == State.ATTACHED && !needed && open == 0 && closedLately == 0;
        }
    }

    private record Tables(LocalDate month, long attached, long all, long bytes, boolean needed) {

        State state() {
            return all == 2 && attached == 2 ? State.ATTACHED : all == 2 && attached == 0 ? State.DETACHED : State.TORN;
        }
    }

    private record Counted(LocalDate month, long votes, long ballots) {}

    private record Contests(LocalDate month, long open, long closedLately) {}

    private final JdbcClient db;

    Months(Connection connection) {
        this.db = Sql.on(new SingleConnectionDataSource(connection, true));
    }

    List<Holding> all() {
        var attached = new TreeMap<LocalDate, Rows>();
        db.sql("""
            select month, sum(votes)::bigint as votes, sum(ballots)::bigint as ballots
              from (select date_trunc('month', vote_day)::date as month, count(*) as votes, 0 as ballots
                      from contest.votes
                     group by 1
                     union all
                    select date_trunc('month', vote_day)::date, 0, count(*)
                      from contest.ballots
                     group by 1) counted
             group by month
            """)
                .query((row, _) -> new Counted(
                        row.getObject("month", LocalDate.class), row.getLong("votes"), row.getLong("ballots")))
                .list()
                .forEach(each -> attached.put(each.month(), new Rows(each.votes(), each.ballots())));
        var contests = contests();
        var months = new ArrayList<Holding>();
        for (var tables : tables()) {
            var month = Month.of(tables.month());
            var rows =
                    tables.state() == State.DETACHED ? rows(month) : attached.getOrDefault(tables.month(), Rows.NONE);
            var running = contests.getOrDefault(tables.month(), new Contests(tables.month(), 0, 0));
            months.add(new Holding(
                    month,
                    tables.state(),
                    rows,
                    tables.bytes(),
                    running.open(),
                    running.closedLately(),
                    tables.needed()));
        }
        return months;
    }

    State state(Month month) {
        return tables().stream()
                .filter(each -> each.month().equals(month.first()))
                .map(Tables::state)
                .findFirst()
                .orElse(State.ABSENT);
    }

    private List<Tables> tables() {
        return db.sql("""
            select month, count(*) filter (where relispartition) as attached, count(*) as all,
                   sum(pg_total_relation_size(oid))::bigint as bytes,
                   month >= (date_trunc('month', now()) - interval '1 month')::date as needed
              from (select oid, relispartition, to_date(right(relname, 7), 'YYYY_MM') as month
                      from pg_class
                     where relnamespace = 'contest'::regnamespace
                       and relkind = 'r'
                       and relname ~ '^(votes|ballots)_[0-9]{4}_(0[1-9]|1[0-2])$') found
             group by month
             order by month
            """)
                .query((row, _) -> new Tables(
                        row.getObject("month", LocalDate.class),
                        row.getLong("attached"),
                        row.getLong("all"),
                        row.getLong("bytes"),
                        row.getBoolean("needed")))
                .list();
    }

    private Map<LocalDate, Contests> contests() {
        var contests = new TreeMap<LocalDate, Contests>();
        db.sql("""
            with held as (
                select distinct date_trunc('month', vote_day)::date as month, contest_id from contest.ballots
                 union
                select distinct date_trunc('month', vote_day)::date, contest_id from contest.votes
            )
            select month, count(*) filter (where end_date > now()) as open,
                   count(*) filter (where end_date <= now() and end_date > now() - interval '90 days') as closed_lately
              from held
              join contest.contests c on c.id = contest_id
             group by month
            """)
                .query((row, _) -> new Contests(
                        row.getObject("month", LocalDate.class), row.getLong("open"), row.getLong("closed_lately")))
                .list()
                .forEach(each -> contests.put(each.month(), each));
        return contests;
    }

    /// Rows of a detached month.
    Rows rows(Month month) {
        unforce(month);
        var rows = new Rows(
                count("select count(*) from " + month.table("votes")),
                count("select count(*) from " + month.table("ballots")));
        force(month);
        return rows;
    }

    /// A detached month's tables have no policies, so that forced row level security shows not even their owner a row.
    /// Nobody else sees them without it: until it is forced again, this transaction holds them alone.
    void unforce(Month month) {
        for (var parent : Month.PARENTS) {
            execute("alter table %s no force row level security".formatted(month.table(parent)));
        }
    }

    void force(Month month) {
        for (var parent : Month.PARENTS) {
            execute("alter table %s force row level security".formatted(month.table(parent)));
        }
    }

    /// Why a month may not be detached, as sentences; empty where it may.
    List<String> reasonsToStay(Month month) {
        var reasons = new ArrayList<String>();
        switch (state(month)) {
            case ATTACHED -> {}
            case DETACHED -> reasons.add("%s is detached already".formatted(month));
            case ABSENT -> reasons.add("There is no month %s in the database".formatted(month));
            case TORN -> reasons.add(torn(month));
        }
        if (reasons.isEmpty() && needed(month)) {
            reasons.add("%s may still receive votes".formatted(month));
        }
        if (reasons.isEmpty()) {
            reasons.addAll(db.sql("""
                select cl.name || ' / ' || co.name
                       || case when co.end_date > now() then ' is not closed before ' else ' closed only on ' end
                       || to_char(co.end_date at time zone 'UTC', 'YYYY-MM-DD')
                  from contest.contests co
                  join contest.clients cl on cl.id = co.client_id
                 where co.end_date > now() - interval '90 days'
                   and co.id in (select contest_id from contest.votes where vote_day >= :first and vote_day < :next
                                  union
                                 select contest_id from contest.ballots where vote_day >= :first and vote_day < :next)
                 order by 1
                """)
                    .param("first", month.first())
                    .param("next", month.next())
                    .query((row, _) -> row.getString(1))
                    .list());
        }
        return reasons;
    }

    private boolean needed(Month month) {
        return db.sql("select :first >= (date_trunc('month', now()) - interval '1 month')::date")
                .param("first", month.first())
                .query(Boolean.class)
                .single();
    }

    /// Nothing else makes or moves a month until the transaction ends.
    void hold() {
        db.sql("select pg_advisory_xact_lock(hashtext('contest.make_votes_partition'))")
                .query()
                .listOfRows();
    }

    /// Takes the month out of voting's sight; its counted votes are remembered by song. What is counted stands still
    /// first, the parents are locked last and only as long as it takes to write that down.
    void detach(Month month) {
        hold();
        refuse(month, reasonsToStay(month));
        execute("lock table %s, %s in share mode".formatted(month.table("ballots"), month.table("votes")));
        db.sql("""
            insert into contest.archived_tallies (month, song_id, n)
            select :first, song_id, count(*)
              from contest.votes
             where vote_day >= :first and vote_day < :next and status = 'counted'
             group by song_id
            """).param("first", month.first()).param("next", month.next()).update();
        execute("lock table only contest.ballots, only contest.votes in access exclusive mode");
        for (var parent : Month.PARENTS) {
            execute("alter table contest.%s detach partition %s".formatted(parent, month.table(parent)));
        }
    }

    static void refuse(Month month, List<String> reasons) {
        if (!reasons.isEmpty()) {
            throw new Command.Failed("%s stays as it is: %s".formatted(month, String.join("; ", reasons)));
        }
    }

    /// Puts a detached month back, if it counts for each song what was remembered of it.
    void attach(Month month) {
        hold();
        mustBeDetached(month);
        refuse(month, differences(month));
        db.sql("delete from contest.archived_tallies where month = :month")
                .param("month", month.first())
                .update();
        for (var parent : Month.PARENTS) {
            execute("alter table contest.%s attach partition %s for values from ('%s') to ('%s')"
                    .formatted(parent, month.table(parent), month.first(), month.next()));
        }
        // What it tells of people may be long over its time.
        db.sql("""
            delete from contest.forgotten_contests
             where contest_id in (select contest_id from contest.votes where vote_day >= :first and vote_day < :next)
            """).param("first", month.first()).param("next", month.next()).update();
    }

    void mustBeDetached(Month month) {
        switch (state(month)) {
            case DETACHED -> {}
            case ATTACHED -> throw new Command.Failed("%s is attached already".formatted(month));
            case ABSENT ->
                throw new Command.Failed(
                        "There is no detached month %s in the database; if it was archived, give its file"
                                .formatted(month));
            case TORN -> throw new Command.Failed(torn(month));
        }
    }

    void mustBeAbsent(Month month) {
        if (state(month) != State.ABSENT) {
            throw new Command.Failed("%s is in the database already".formatted(month));
        }
    }

    private static String torn(Month month) {
        return "Of %s one table is missing or in another state than the other; see to it by hand".formatted(month);
    }

    /// The songs for which a detached month counts otherwise than was remembered.
    List<String> differences(Month month) {
        unforce(month);
        var differences = db.sql("""
            select 'song ' || song_id || ' counts ' || coalesce(c.n, 0) || ' there, but ' || coalesce(a.n, 0)
                   || ' were archived'
              from (select song_id, count(*) as n from %s where status = 'counted' group by song_id) c
              full join (select song_id, n from contest.archived_tallies where month = :month) a using (song_id)
             where c.n is distinct from a.n
             order by song_id
             limit 10
            """.formatted(month.table("votes")))
                .param("month", month.first())
                .query((row, _) -> row.getString(1))
                .list();
        force(month);
        return differences;
    }

    /// Makes a month's two tables as `make_votes_partition` does, without attaching them.
    void make(Month month) {
        hold();
        mustBeAbsent(month);
        for (var parent : Month.PARENTS) {
            var table = month.table(parent);
            execute("create table %s (like contest.%s including defaults including constraints)"
                    .formatted(table, parent));
            execute("alter table %s enable row level security".formatted(table));
            execute("alter table %s force row level security".formatted(table));
        }
    }

    void drop(Month month) {
        for (var parent : Month.PARENTS) {
            execute("drop table " + month.table(parent));
        }
    }

    List<String> columns(String parent) {
        return db.sql("""
            select quote_ident(attname)
              from pg_attribute
             where attrelid = ('contest.' || :parent)::regclass and attnum > 0 and not attisdropped and attgenerated = ''
             order by attnum
            """)
                .param("parent", parent)
                .query((row, _) -> row.getString(1))
                .list();
    }

    String schemaVersion() {
        return db.sql("""
            select version
              from contest.flyway_schema_history
             where success and version is not null
             order by installed_rank desc
             limit 1
            """).query(String.class).single();
    }

    private long count(String sql) {
        return db.sql(sql).query(Long.class).single();
    }

    private void execute(String sql) {
        db.sql(sql).update();
    }
}
