package rocks.urvote.operations.backups;

import java.sql.Connection;
import java.sql.SQLException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/// A connection in plain words.
final class Sql {

    /// So that every value is written as it is read anywhere, and as its checksum was taken.
    static final String SAME_EVERYWHERE = """
        set datestyle = 'ISO, YMD';
        set intervalstyle = 'postgres';
        set timezone = 'UTC';
        set bytea_output = 'hex';
        set extra_float_digits = 1;
        set statement_timeout = 0;
        set idle_in_transaction_session_timeout = 0;
        set row_security = off
        """;

    private Sql() {}

    static JdbcClient client(Connection connection) {
        return JdbcClient.create(new SingleConnectionDataSource(connection, true));
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static String firstLine(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
    }
}
