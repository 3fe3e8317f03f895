package rocks.urvote.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.operations.News;
import rocks.urvote.operations.NewsLine;

/// The sessions that ended while access tokens of theirs may still be about: on this node at once, on every other as
/// soon as it hears of it. While no news arrive it looks for itself, often enough that a session is refused within a
/// second; a database that does not answer soon is not waited for, as then nobody can end a session either.
@Component
final class EndedSessions implements News {

    private static final Logger log = LoggerFactory.getLogger(EndedSessions.class);

    private static final String CHANNEL = "urvote_sessions_ended";

    private static final Duration SLACK = Duration.ofMinutes(1);

    private static final long OLDEST_WITHOUT_NEWS = Duration.ofMillis(500).toNanos();
    private static final long PATIENCE = Duration.ofMillis(250).toNanos();

    private final Cache<UUID, Boolean> ended;
    private final Duration memory;
    private final Transactions transactions;
    private final JdbcClient db;
    private final NewsLine line;
    private final AtomicReference<@Nullable Look> last = new AtomicReference<>();

    /// One for all who ask meanwhile.
    private record Look(long began, CountDownLatch over) {

        long age() {
            return System.nanoTime() - began;
        }
    }

    EndedSessions(IdentitySettings settings, Transactions transactions, JdbcClient db, NewsLine line) {
        this.memory = settings.accessTokenAge().plus(SLACK);
        this.ended = Caffeine.newBuilder().expireAfterWrite(memory).build();
        this.transactions = transactions;
        this.db = db;
        this.line = line;
    }

    boolean contains(UUID session) {
        if (!line.connected()) {
            look();
        }
        return ended.getIfPresent(session) != null;
    }

    private void look() {
        var known = last.get();
        var mine = new Look(System.nanoTime(), new CountDownLatch(1));
        if ((known == null || known.age() > OLDEST_WITHOUT_NEWS) && last.compareAndSet(known, mine)) {
            Thread.ofVirtual().name("ended-sessions").start(() -> catchUp(mine));
        }
        var look = Objects.requireNonNull(last.get());
        try {
            var _ = look.over().await(PATIENCE - look.age(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void catchUp(Look look) {
        try {
            catchUp();
        } catch (RuntimeException e) {
            log.debug("Neither news nor the database say which sessions ended", e);
        } finally {
            look.over().countDown();
        }
    }

    void remember(UUID session) {
        ended.put(session, true);
    }

    /// Tells every node once this transaction commits, and this node before the caller gets its answer.
    void announce(Collection<UUID> sessions) {
        for (var session : sessions) {
            db.sql("select pg_notify(:channel, :session)")
                    .param("channel", CHANNEL)
                    .param("session", session.toString())
                    .query()
                    .singleRow();
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                sessions.forEach(EndedSessions.this::remember);
            }
        });
    }

    @Override
    public String channel() {
        return CHANNEL;
    }

    @Override
    public void hear(String payload) {
        remember(UUID.fromString(payload));
    }

    @Override
    public void catchUp() {
        transactions.as(
                Acting.CHORE,
                () -> db.sql("""
                    select id from sessions where ended_at > now() - make_interval(secs => :seconds)
                    """)
                        .param("seconds", (double) memory.toSeconds())
                        .query(UUID.class)
                        .list()
                        .forEach(this::remember));
    }
}
