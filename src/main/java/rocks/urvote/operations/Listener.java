package rocks.urvote.operations;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Hears, on a connection of its own, the [News] of every module. After every new connection each catches up with what
/// it may have missed, before the first request at the start.
@Component
final class Listener implements NewsLine, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Listener.class);

    private static final Duration BEAT = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final JdbcConnectionDetails database;
    private final ObjectProvider<News> known;
    private List<News> news = List.of();
    private volatile boolean running;
    private @Nullable Thread listener;
    private volatile @Nullable Connection connection;

    /// Whoever keeps something in memory may ask for the line, so what there is to hear is looked up at the start.
    Listener(JdbcConnectionDetails database, ObjectProvider<News> known) {
        this.database = database;
        this.known = known;
    }

    @Override
    public boolean connected() {
        return connection != null;
    }

    @Override
    public void start() {
        news = known.orderedStream().toList();
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
                connection = null;
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
        for (var one : news) {
            if (one.channel().equals(notification.getName())) {
                try {
                    one.hear(notification.getParameter());
                } catch (IllegalArgumentException e) {
                    log.warn("Somebody else notifies on {}", one.channel());
                }
            }
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
            for (var one : news) {
                statement.execute("listen " + one.channel());
            }
            news.forEach(News::catchUp);
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
