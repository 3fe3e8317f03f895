package rocks.urvote.votes;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import rocks.urvote.contests.ContestId;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;

/// How many votes were refused, by contest, day and code. Counted in memory and written every few seconds: a refusal
/// leaves a trace, but must not cost more than a vote.
@Component
class Refusals implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Refusals.class);

    private record Refused(ContestId contest, String code) {}

    private final Map<Refused, LongAdder> counts = new ConcurrentHashMap<>();
    private final Transactions transactions;
    private final JdbcClient db;
    private volatile boolean running;

    Refusals(Transactions transactions, JdbcClient db) {
        this.transactions = transactions;
        this.db = db;
    }

    void count(ContestId contest, String code) {
        counts.computeIfAbsent(new Refused(contest, code), fresh -> new LongAdder())
                .increment();
    }

    @Scheduled(fixedDelay = 3_000)
    void write() {
        counts.forEach((refused, count) -> {
            var n = count.sumThenReset();
            if (n > 0) {
                try {
                    write(refused, n);
                } catch (RuntimeException e) {
                    count.add(n);
                    log.debug("Refusals wait for the database", e);
                }
            }
        });
    }

    private void write(Refused refused, long n) {
        transactions.as(Acting.CHORE, () -> {
            db.sql("""
                insert into vote_refusals as r (contest_id, day, code, n)
                select c.id, (now() at time zone coalesce(c.settings ->> 'time_zone', 'UTC'))::date, :code, :n
                  from contests c
                 where c.id = :contest
                    on conflict (contest_id, day, code) do update set n = r.n + excluded.n
                """)
                    .param("contest", refused.contest())
                    .param("code", refused.code())
                    .param("n", n)
                    .update();
        });
    }

    /// Stops after the web server, whose last refusals are counted too.
    @Override
    public int getPhase() {
        return -1;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        write();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
