package rocks.urvote.operations.backups;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import rocks.urvote.operations.Databases;

/// A transaction of the owner in a database that nobody else uses, with the policies out of the way and no trigger of
/// ours at work. Until it is closed; what is then not committed never was.
final class OpenTables implements AutoCloseable {

    private final Connection connection;
    private final JdbcClient db;
    private final List<String> forced;

    OpenTables(Connection connection) throws SQLException {
        this.connection = connection;
        this.db = Sql.client(connection);
        Sql.execute(connection, Sql.SAME_EVERYWHERE);
        connection.setAutoCommit(false);
        Sql.execute(connection, """
            set local role %s;
            set local search_path = %s;
            set local urvote.role = 'chore'
            """.formatted(Databases.OWNER, Databases.SEARCH_PATH));
        forced = tables("c.relforcerowsecurity");
        forced.forEach(table -> execute("alter table %s no force row level security".formatted(table)));
        tables("exists (select from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal)")
                .forEach(table -> execute("alter table %s disable trigger user".formatted(table)));
    }

    Connection connection() {
        return connection;
    }

    JdbcClient db() {
        return db;
    }

    void execute(String sql) {
        db.sql(sql).update();
    }

    /// Puts the policies and triggers back to work, on those tables too that came meanwhile and are like a guarded one.
    void commit() throws SQLException {
        tables("exists (select from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal)")
                .forEach(table -> execute("alter table %s enable trigger user".formatted(table)));
        Stream.concat(forced.stream().filter(table -> exists(table)), tables("c.relrowsecurity").stream())
                .distinct()
                .forEach(table -> execute("alter table %s force row level security".formatted(table)));
        connection.commit();
    }

    private boolean exists(String table) {
        return db.sql("select to_regclass(:table) is not null")
                .param("table", table)
                .query(Boolean.class)
                .single();
    }

    private List<String> tables(String condition) {
        return db.sql("""
            select format('%%I.%%I', n.nspname, c.relname)
              from pg_class c
              join pg_namespace n on n.oid = c.relnamespace
             where n.nspname in (:schemas) and c.relkind in ('r', 'p') and %s
             order by 1
            """.formatted(condition))
                .param("schemas", Databases.SCHEMAS)
                .query((row, _) -> row.getString(1))
                .list();
    }

    @Override
    public void close() throws SQLException {
        connection.rollback();
    }
}
