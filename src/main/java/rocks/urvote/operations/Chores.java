package rocks.urvote.operations;

import java.sql.Connection;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/// Does each [Chore] when it is due, if no other node is at it.
@Component
final class Chores implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(Chores.class);

    private final List<Chore> chores;
    private final DataSource database;
    private final ScheduledExecutorService clock;

    Chores(ObjectProvider<Chore> chores, DataSource database) {
        this.chores = chores.orderedStream().toList();
        this.database = database;
        // One thread each: a long chore keeps no other from its time.
        this.clock = Executors.newScheduledThreadPool(
                Math.max(1, this.chores.size()),
                Thread.ofVirtual().name("chores-", 1).factory());
    }

    void start() {
        for (var chore : chores) {
            var _ = clock.scheduleWithFixedDelay(
                    () -> doUnlessAnotherNodeDoes(chore), 0, chore.every().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /// A chore that fails is told of in the log and done again when it is due.
    void doUnlessAnotherNodeDoes(Chore chore) {
        try (var connection = database.getConnection()) {
            if (!lock(connection, chore)) {
                return;
            }
            try {
                chore.run();
            } finally {
                unlock(connection, chore);
            }
        } catch (Exception e) {
            log.warn("The chore '{}' failed and is tried again in {}", chore.name(), chore.every(), e);
        }
    }

    private static boolean lock(Connection connection, Chore chore) {
        return Migrations.client(connection)
                .sql("select pg_try_advisory_lock(hashtextextended('urvote chore ' || :chore, 0))")
                .param("chore", chore.name())
                .query(Boolean.class)
                .single();
    }

    private static void unlock(Connection connection, Chore chore) {
        Migrations.client(connection)
                .sql("select pg_advisory_unlock(hashtextextended('urvote chore ' || :chore, 0))")
                .param("chore", chore.name())
                .query(Boolean.class)
                .single();
    }

    @Override
    public void destroy() {
        clock.shutdownNow();
    }
}
