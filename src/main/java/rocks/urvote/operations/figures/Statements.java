package rocks.urvote.operations.figures;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import rocks.urvote.kernel.Sql;
import rocks.urvote.operations.DatabaseUrl;

/// The statements that PostgreSQL has spent most time on, as its extension pg_stat_statements counts them.
public sealed interface Statements {

    /// The one that took most time in all first.
    record Counted(List<Statement> statements) implements Statements {

        public Counted {
            statements = List.copyOf(statements);
        }
    }

    /// What to do to see them.
    record NotCounted(String todo) implements Statements {}

    /// All that were alike but for their constants.
    ///
    /// @param origin which class and method of UrVote it belongs to; empty for one of others
    /// @param text   with `$1` for every constant
    record Statement(String origin, String text, long calls, long rows, Duration all, Duration mean, Duration longest) {

        private static final Pattern ORIGIN = Pattern.compile("/\\* ([a-z]\\w*(?:\\.\\w+)+) \\*/ ?");

        static Statement of(String query, long calls, long rows, double all, double mean, double longest) {
            var origin = ORIGIN.matcher(query);
            boolean ours = origin.find();
            return new Statement(
                    ours ? origin.group(1) : "",
                    (ours ? origin.replaceFirst("") : query)
                            .replaceAll("\\s+", " ")
                            .strip(),
                    calls,
                    rows,
                    millis(all),
                    millis(mean),
                    millis(longest));
        }

        private static Duration millis(double millis) {
            return Duration.ofNanos(Math.round(millis * 1_000_000));
        }
    }

    /// The extension counts for the whole server, and lies where it was made: in this database, or in `postgres`.
    static Statements of(JdbcClient here, DatabaseUrl login, int most) {
        try {
            var schema = schema(here);
            if (schema.isPresent()) {
                return counted(here, schema.get(), login.name(), most);
            }
            try (var connection = login.named("postgres").connect()) {
                var beside = Sql.on(new SingleConnectionDataSource(connection, true));
                return schema(beside)
                        .map(there -> counted(beside, there, login.name(), most))
                        .orElse(NOT_THERE);
            }
        } catch (SQLException | DataAccessException e) {
            return NOT_THERE;
        }
    }

    Statements NOT_THERE = new NotCounted("pg_stat_statements is not there: 'urvote database tune', restart PostgreSQL,"
            + " then have a superuser run 'create extension pg_stat_statements' in the database postgres");

    private static Optional<String> schema(JdbcClient db) {
        return db.sql("""
            select quote_ident(n.nspname)
              from pg_extension e
              join pg_namespace n on n.oid = e.extnamespace
             where e.extname = 'pg_stat_statements'
            """).query(String.class).optional();
    }

    private static Statements counted(JdbcClient db, String schema, String database, int most) {
        return new Counted(db.sql("""
            select query, calls, rows, total_exec_time, mean_exec_time, max_exec_time
              from %s.pg_stat_statements
             where dbid = (select oid from pg_database where datname = :database)
               and queryid is not null
             order by total_exec_time desc
             limit :most
            """.formatted(schema))
                .param("database", database)
                .param("most", most)
                .query((row, _) -> Statement.of(
                        row.getString("query"),
                        row.getLong("calls"),
                        row.getLong("rows"),
                        row.getDouble("total_exec_time"),
                        row.getDouble("mean_exec_time"),
                        row.getDouble("max_exec_time")))
                .list());
    }
}
