package rocks.urvote.contests;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import rocks.urvote.operations.Command;

/// A PostgreSQL of the layout this project grew out of, read and never written.
///
/// Its `contests` have a name and `is_active`, and their client either in a column `client_name` or by `client_id` in
/// a table `clients` with names.
record ForeignDatabase(String jdbcUrl, Properties login) {

    /// `postgresql://user:password@host:port/name`; the refusal does not repeat it, as it may hold a password.
    static ForeignDatabase at(String url) {
        try {
            var uri = new URI(url);
            if (uri.getHost() == null || uri.getPath() == null || uri.getPath().length() < 2) {
                throw wrong();
            }
            var login = new Properties();
            login.setProperty("ApplicationName", "urvote import");
            if (uri.getRawUserInfo() != null) {
                var parts = uri.getRawUserInfo().split(":", 2);
                login.setProperty("user", decoded(parts[0]));
                if (parts.length == 2) {
                    login.setProperty("password", decoded(parts[1]));
                }
            }
            return new ForeignDatabase(
                    "jdbc:postgresql://%s:%d%s%s"
                            .formatted(
                                    uri.getHost(),
                                    uri.getPort() < 0 ? 5432 : uri.getPort(),
                                    uri.getRawPath(),
                                    uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()),
                    login);
        } catch (URISyntaxException e) {
            throw wrong();
        }
    }

    Listing listing() {
        try (var connection = DriverManager.getConnection(jdbcUrl, login)) {
            connection.setReadOnly(true);
            return Listing.of(rows(connection, query(connection)));
        } catch (SQLException e) {
            throw new Command.Failed("The database of --from could not be read: " + e.getMessage(), e);
        }
    }

    private static String query(Connection connection) throws SQLException {
        if (has(connection, "contests", "client_name")) {
            return """
                select client_name, name, is_active
                  from contests
                 order by id
                """;
        }
        if (has(connection, "contests", "client_id") && has(connection, "clients", "name")) {
            return """
                select cl.name, co.name, co.is_active
                  from contests co
                  join clients cl on cl.id = co.client_id
                 order by co.id
                """;
        }
        throw new Command.Failed("The database of --from has no table contests with a column client_name, or with a"
                + " column client_id and a table clients with names");
    }

    private static boolean has(Connection connection, String table, String column) throws SQLException {
        try (var asking = connection.prepareStatement("""
            select exists (select from pg_attribute
                            where attrelid = to_regclass(?) and attname = ? and not attisdropped)
            """)) {
            asking.setString(1, table);
            asking.setString(2, column);
            try (var answer = asking.executeQuery()) {
                return answer.next() && answer.getBoolean(1);
            }
        }
    }

    private static List<List<String>> rows(Connection connection, String query) throws SQLException {
        var rows = new ArrayList<List<String>>();
        try (var reading = connection.createStatement();
                var row = reading.executeQuery(query)) {
            while (row.next()) {
                rows.add(List.of(word(row.getString(1)), word(row.getString(2)), word(row.getString(3))));
            }
        }
        return rows;
    }

    private static String word(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static Command.Failed wrong() {
        return new Command.Failed("--from is no URL of the form postgresql://user:password@host:port/name");
    }

    @Override
    public String toString() {
        return jdbcUrl;
    }
}
