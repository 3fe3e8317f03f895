package rocks.urvote.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Collection;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.operations.News;

/// The sessions that ended while access tokens of theirs may still be about: on this node at once, on every other as
/// soon as it hears of it.
@Component
final class EndedSessions implements News {

    private static final String CHANNEL = "urvote_sessions_ended";

    private static final Duration SLACK = Duration.ofMinutes(1);

    private final Cache<UUID, Boolean> ended;
    private final Duration memory;
    private final Transactions transactions;
    private final JdbcClient db;

    EndedSessions(IdentitySettings settings, Transactions transactions, JdbcClient db) {
        this.memory = settings.accessTokenAge().plus(SLACK);
        this.ended = Caffeine.newBuilder().expireAfterWrite(memory).build();
        this.transactions = transactions;
        this.db = db;
    }

    boolean contains(UUID session) {
        return ended.getIfPresent(session) != null;
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
