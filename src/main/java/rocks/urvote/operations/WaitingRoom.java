package rocks.urvote.operations;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.stereotype.Component;

/// Lets only so many wait for a connection of the pool. Where more come than the database can serve, all would wait as
/// long as the pool lets them, and nobody would be served in good time; who comes to a full room is told so at once.
final class WaitingRoom extends DelegatingDataSource {

    /// For each connection: a transaction takes milliseconds, so the last of them waits for a fraction of a second.
    private static final int SEATS = 20;

    private final HikariDataSource pool;

    private WaitingRoom(HikariDataSource pool) {
        super(pool);
        this.pool = pool;
    }

    @Override
    public Connection getConnection() throws SQLException {
        var now = pool.getHikariPoolMXBean();
        if (now != null && now.getThreadsAwaitingConnection() >= SEATS * pool.getMaximumPoolSize()) {
            throw new SQLTransientConnectionException("Too many wait for a connection already", "08004");
        }
        return super.getConnection();
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
