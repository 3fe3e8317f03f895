package rocks.urvote.votes;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.operations.Chore;
import rocks.urvote.operations.Schedule;

/// Takes address, device and place out of the votes of contests that have long been over: who voted for what, and every
/// count, stays.
///
/// It goes through one month after the other, some blocks at a time in a transaction of their own, and rests as
/// long as it worked: votes are cast meanwhile. A contest is done once; another end, or a month that is attached
/// again, makes it count as new.
@Component
class ForgetTraces implements Chore {

    /// That there is something to forget.
    static final String SOMETHING = """
        num_nonnulls(v.ip_address, v.user_agent, v.device_fingerprint, v.recaptcha_score, v.country_code, v.region, v.city) > 0
        """.strip();

    private static final int BLOCKS = 128;

    /// More blocks than any table has (PostgreSQL, appendix K).
    private static final long LAST_BLOCK = 0xFFFF_FFFEL;

    private final Transactions transactions;
    private final JdbcClient db;
    private final VoteSettings settings;

    ForgetTraces(Transactions transactions, JdbcClient db, VoteSettings settings) {
        this.transactions = transactions;
        this.db = db;
        this.settings = settings;
    }

    @Override
    public String name() {
        return "addresses and devices of old votes";
    }

    @Override
    public Schedule schedule() {
        return Schedule.daily(settings.careHour());
    }

    /// A contest, since when votes came to it, and the end that it has now.
    private record Over(long id, LocalDate since, String end) {}

    /// A month of votes, how large it is, and since when it has been attached: another link, once it was detached.
    private record Attached(LocalDate month, long blocks, String link) {}

    @Override
    public String run() throws InterruptedException {
        var contests = over();
        if (contests.isEmpty()) {
            return "No contest ended more than %d days ago and is not done.".formatted(settings.privacyDays());
        }
        long forgotten = 0;
        var since = contests.stream().map(Over::since).min(LocalDate::compareTo).orElseThrow();
        var ids = contests.stream().map(Over::id).toArray(Long[]::new);
        var months = attached(since);
        for (var month : months) {
            forgotten += forget(month, ids);
        }
        if (!note(contests, since, months, forgotten)) {
            return "%,d votes have forgotten where they came from; a month was attached meanwhile: once more."
                    .formatted(forgotten);
        }
        return "%,d votes of %,d contests have forgotten where they came from.".formatted(forgotten, contests.size());
    }

    @Override
    public List<String> plan() {
        var contests = over();
        return contests.isEmpty()
                ? List.of()
                : List.of(
                        "The votes of %,d contests that ended more than %d days ago would forget where they came from."
                                .formatted(contests.size(), settings.privacyDays()));
    }

    /// Contests no vote comes to any more, since before their first one.
    private List<Over> over() {
        return transactions.as(
                Acting.CHORE,
                () -> db.sql("""
                    select c.id, (least(c.created_at, c.start_date) - interval '1 day')::date as since, c.end_date::text
                      from contests c
                      left join forgotten_contests f on f.contest_id = c.id
                     where c.end_date < now() - make_interval(days => :days)
                       and f.end_date is distinct from c.end_date
                     order by c.id
                    """)
                        .param("days", settings.privacyDays())
                        .query((row, _) -> new Over(
                                row.getLong("id"), row.getObject("since", LocalDate.class), row.getString("end_date")))
                        .list());
    }

    /// Months are compared as text: the planner may ask of every table what is asked here of months, and most names end
    /// in no date.
    private List<Attached> attached(LocalDate since) {
        return db.sql("""
            select to_date(right(c.relname, 7), 'YYYY_MM') as month,
                   pg_relation_size(c.oid) / current_setting('block_size')::int as blocks,
                   c.oid || ' since ' || i.xmin as link
              from pg_inherits i
              join pg_class c on c.oid = i.inhrelid
             where i.inhparent = 'contest.votes'::regclass
               and right(c.relname, 7) >= to_char(cast(:since as date), 'YYYY_MM')
             order by month
            """)
                .param("since", since)
                .query((row, _) -> new Attached(
                        row.getObject("month", LocalDate.class), row.getLong("blocks"), row.getString("link")))
                .list();
    }

    private long forget(Attached month, Long[] contests) throws InterruptedException {
        long forgotten = 0;
        for (long block = 0; block < month.blocks(); block += BLOCKS) {
            var began = System.nanoTime();
            forgotten += forget(month.month(), block, block + BLOCKS, contests);
            Thread.sleep(Duration.ofNanos(System.nanoTime() - began));
        }
        // A vote that was decided about meanwhile may have moved behind this.
        return forgotten + forget(month.month(), 0, LAST_BLOCK, contests);
    }

    private int forget(LocalDate month, long from, long to, Long[] contests) {
        return transactions.as(Acting.CHORE, () -> {
            db.sql("set local lock_timeout = '2s'").update();
            return db.sql("""
                update votes v
                   set ip_address = null, user_agent = null, device_fingerprint = null, recaptcha_score = null,
                       country_code = null, region = null, city = null
                 where v.vote_day >= :month
                   and v.vote_day < :next
                   and v.ctid >= cast(:from as tid)
                   and v.ctid < cast(:to as tid)
                   and v.contest_id = any (:contests)
                   and %s
                """.formatted(SOMETHING))
                    .param("month", month)
                    .param("next", month.plusMonths(1))
                    .param("from", "(%d,0)".formatted(from))
                    .param("to", "(%d,0)".formatted(to))
                    .param("contests", contests)
                    .update();
        });
    }

    /// Says that the contests are done, with the ends they had at the beginning: one that moved meanwhile makes its
    /// contest count as new. Nothing is said when a month was attached that has not been seen, and none is attached
    /// until it is said.
    private boolean note(List<Over> contests, LocalDate since, List<Attached> seen, long forgotten) {
        var links = seen.stream().map(Attached::link).toList();
        return transactions.as(Acting.CHORE, () -> {
            db.sql("select pg_advisory_xact_lock(hashtext('contest.make_votes_partition'))")
                    .query()
                    .singleRow();
            if (!attached(since).stream().map(Attached::link).allMatch(links::contains)) {
                return false;
            }
            db.sql("""
                insert into forgotten_contests as f (contest_id, end_date, votes)
                select c.id, done.end_date, :votes
                  from unnest(cast(:contests as bigint[]), cast(:ends as timestamptz[])) done (id, end_date)
                  join contests c on c.id = done.id
                    on conflict (contest_id) do update
                       set end_date = excluded.end_date, forgotten_at = now(), votes = f.votes + excluded.votes
                """)
                    .param("contests", contests.stream().map(Over::id).toArray(Long[]::new))
                    .param("ends", contests.stream().map(Over::end).toArray(String[]::new))
                    .param("votes", forgotten)
                    .update();
            return true;
        });
    }
}
