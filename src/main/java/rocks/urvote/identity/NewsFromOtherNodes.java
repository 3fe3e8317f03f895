package rocks.urvote.identity;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Hears, on a connection of its own, which sessions ended and which keys were published anywhere. After every new
/// connection it reads what it may have missed, before the first request at the start.
@Component
final class NewsFromOtherNodes implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(NewsFromOtherNodes.class);

    private static final Duration BEAT = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final JdbcConnectionDetails database;
    private final EndedSessions ended;
    private final SigningKeys keys;
    private volatile boolean running;
    private @Nullable Thread listener;
    private volatile @Nullable Connection connection;

    NewsFromOtherNodes(JdbcConnectionDetails database, EndedSessions ended, SigningKeys keys) {
        this.database = database;
        this.ended = ended;
        this.keys = keys;
    }

    @Override
    public void start() {
        keys.own();
        try {
            var first = connect();
            running = true;
            listener = Thread.ofVirtual().name("news").start(() -> listen(first));
        } catch (SQLException e) {
            throw new IllegalStateException("The database does not take a connection that listens", e);
        }
    }

    @Override
    public void stop() {
        running = false;
        close(connection);
        if (listener != null) {
            listener.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /// Before the web server takes its first request, and until it has answered the last.
    @Override
    public int getPhase() {
        return 0;
    }

    private void listen(Connection first) {
        @Nullable Connection current = first;
        while (running) {
            try {
                if (current == null) {
                    current = connect();
                }
                hear(current);
            } catch (SQLException | RuntimeException e) {
                close(current);
                current = null;
                if (running) {
                    log.warn("No news from other nodes for a moment: {}", e.getMessage());
                    rest();
                }
            }
        }
        close(current);
    }

    private void hear(Connection open) throws SQLException {
        var notifications = open.unwrap(PGConnection.class).getNotifications((int) BEAT.toMillis());
        if (notifications == null || notifications.length == 0) {
            if (running && !open.isValid((int) BEAT.toSeconds())) {
                throw new SQLException("The connection is gone");
            }
            return;
        }
        for (var notification : notifications) {
            hear(notification);
        }
    }

    private void hear(PGNotification notification) {
        switch (notification.getName()) {
            case EndedSessions.CHANNEL -> {
                try {
                    ended.remember(UUID.fromString(notification.getParameter()));
                } catch (IllegalArgumentException e) {
                    log.warn("Somebody else notifies on {}", EndedSessions.CHANNEL);
                }
            }
            case SigningKeys.CHANNEL -> keys.load();
            default -> {}
        }
    }

    private Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", String.valueOf(database.getUsername()));
        properties.setProperty("password", String.valueOf(database.getPassword()));
        properties.setProperty("ApplicationName", "urvote-news");
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("loginTimeout", "5");
        properties.setProperty("socketTimeout", "10");
        properties.setProperty("tcpKeepAlive", "true");
        var fresh = DriverManager.getConnection(database.getJdbcUrl(), properties);
        try (var statement = fresh.createStatement()) {
            statement.execute("listen " + EndedSessions.CHANNEL);
            statement.execute("listen " + SigningKeys.CHANNEL);
            ended.load();
            keys.load();
            connection = fresh;
            return fresh;
        } catch (SQLException | RuntimeException e) {
            close(fresh);
            throw e;
        }
    }

    private static void close(@Nullable Connection connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                log.debug("Closing the listening connection failed", e);
            }
        }
    }

    private static void rest() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
