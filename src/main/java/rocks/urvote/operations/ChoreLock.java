package rocks.urvote.operations;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/// The right to do a chore: an advisory lock on a connection of its own, out of no pool, that ends with it. A node that
/// is killed leaves none behind, and chores that wait for each other's connections cannot be.
final class ChoreLock implements AutoCloseable {

    private final Connection connection;

    private ChoreLock(Connection connection) {
        this.connection = connection;
    }

    /// Empty where somebody else has it.
    static Optional<ChoreLock> take(JdbcConnectionDetails database, String chore) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", String.valueOf(database.getUsername()));
        properties.setProperty("password", String.valueOf(database.getPassword()));
        properties.setProperty("ApplicationName", "urvote chore: " + chore);
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("loginTimeout", "5");
        properties.setProperty("tcpKeepAlive", "true");
        var connection = DriverManager.getConnection(database.getJdbcUrl(), properties);
        try (var statement = connection.createStatement()) {
            statement.execute(AdvisoryLock.SESSION);
            var locked = Migrations.client(connection)
                    .sql("select pg_try_advisory_lock(hashtextextended('urvote chore ' || :chore, 0))")
                    .param("chore", chore)
                    .query(Boolean.class)
                    .single();
            if (locked) {
                return Optional.of(new ChoreLock(connection));
            }
            connection.close();
            return Optional.empty();
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public void close() {
        AdvisoryLock.leave(connection);
    }
}
