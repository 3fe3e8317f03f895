package rocks.urvote.votes;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/// A writer's own connection to the database, opened when it is needed and anew after it broke.
///
/// No pool: there is one user of it, and a pool that waits longer after each failure would keep votes out while the
/// database is back already.
final class BallotConnection implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(BallotConnection.class);

    /// Rows are seen as the ballot box, and commits wait for the disk. The one big statement is planned once, from
    /// index look-ups and hashed joins, whatever the statistics of the day say. What hangs ends before its voters
    /// give up.
    static final String OPTIONS = String.join(
            " ",
            "-c urvote.role=ballot_box",
            "-c search_path=contest",
            "-c synchronous_commit=on",
            "-c plan_cache_mode=force_generic_plan",
            "-c enable_nestloop=off",
            "-c enable_seqscan=off",
            "-c jit=off",
            "-c statement_timeout=5s",
            "-c idle_in_transaction_session_timeout=10s");

    private final JdbcConnectionDetails database;
    private @Nullable Connection connection;

    BallotConnection(JdbcConnectionDetails database) {
        this.database = database;
    }

    Connection get() throws SQLException {
        if (connection == null) {
            connection = open();
        }
        return connection;
    }

    private Connection open() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", String.valueOf(database.getUsername()));
        properties.setProperty("password", String.valueOf(database.getPassword()));
        properties.setProperty("ApplicationName", "urvote-ballot-box");
        properties.setProperty("options", OPTIONS);
        properties.setProperty("prepareThreshold", "1");
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("loginTimeout", "2");
        properties.setProperty("socketTimeout", "7");
        properties.setProperty("tcpKeepAlive", "true");
        var opened = new Driver().connect(database.getJdbcUrl(), properties);
        if (opened == null) {
            throw new SQLException("Not a PostgreSQL address");
        }
        try (var statement = opened.createStatement()) {
            statement.execute("""
                select /* votes.BallotConnection.open */ set_config('urvote.tally_shard', contest.tally_shard()::text, false)
                """);
            return opened;
        } catch (SQLException e) {
            close(opened);
            throw e;
        }
    }

    /// Forgets a connection that failed, so that the next one is new.
    @Override
    public void close() {
        var old = connection;
        connection = null;
        if (old != null) {
            close(old);
        }
    }

    private static void close(Connection old) {
        try {
            old.close();
        } catch (SQLException e) {
            log.debug("Closing a writer's connection failed", e);
        }
    }
}
