package rocks.urvote.operations;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.stereotype.Component;

/// Lets only so many wait for a connection of the pool, and nobody while those before have waited too long. Where more
/// come than the database can serve, all would wait as long as the pool lets them, and nobody would be served in good
/// time; who comes to a full room is told so at once.
final class WaitingRoom extends DelegatingDataSource {

    /// For each connection, however many come at once.
    private static final int SEATS = 20;

    /// A crowd that comes all at once is served by then; where it is not, more come than can be served.
    private static final long TOO_LONG = Duration.ofSeconds(2).toNanos();

    private final HikariDataSource pool;

    /// How long the last one waited who waits no more.
    private volatile long waited;

    private WaitingRoom(HikariDataSource pool) {
        super(pool);
        this.pool = pool;
    }

    @Override
    public Connection getConnection() throws SQLException {
        var now = pool.getHikariPoolMXBean();
        int waiting = now == null ? 0 : now.getThreadsAwaitingConnection();
        if (waiting >= SEATS * pool.getMaximumPoolSize() || (waiting > 0 && waited > TOO_LONG)) {
            throw new SQLTransientConnectionException("Too many wait for a connection already", "08004");
        }
        long begun = System.nanoTime();
        try {
            return super.getConnection();
        } finally {
            waited = System.nanoTime() - begun;
        }
    }

    /// Before every pool of the application.
    @Component
    static final class Door implements BeanPostProcessor {

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            return bean instanceof HikariDataSource pool ? new WaitingRoom(pool) : bean;
        }
    }
}
