package rocks.urvote.operations.care;

import java.sql.Connection;
import java.sql.SQLException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import rocks.urvote.operations.Databases;

/// A session of the tables' owner outside of any transaction, as VACUUM and REINDEX CONCURRENTLY must be. It works
/// gently, and nobody waits long behind it.
final class OwnersSession implements AutoCloseable {

    private final Connection connection;
    private final JdbcClient db;

    private OwnersSession(Connection connection) {
        this.connection = connection;
        this.db = JdbcClient.create(new SingleConnectionDataSource(connection, true));
    }

    static OwnersSession open(Databases databases) throws SQLException {
        var connection = databases.connect(databases.own());
        try {
            var session = new OwnersSession(connection);
            session.execute("set application_name = 'urvote care'");
            session.execute("set role " + Databases.OWNER);
            session.execute("set search_path = " + Databases.SEARCH_PATH);
            session.execute("set urvote.role = 'chore'");
            session.execute("set statement_timeout = 0");
            session.execute("set idle_session_timeout = 0");
            session.execute("set vacuum_cost_delay = '2ms'");
            return session;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    JdbcClient db() {
        return db;
    }

    void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
