package rocks.urvote.operations.backups;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import rocks.urvote.operations.Command;
import rocks.urvote.operations.Databases;

/// The right to make or prove a backup of this database: one at a time, whatever the node. It ends with its connection,
/// so that nobody has to clear up after a process that was killed.
final class Turn implements AutoCloseable {

    private static final String LOCK = "hashtextextended('urvote backup', 0)";

    private final Connection connection;

    private Turn(Connection connection) {
        this.connection = connection;
    }

    static Turn take(Databases databases) throws SQLException {
        var connection = databases.connect(databases.own());
        try {
            Sql.execute(connection, "set idle_session_timeout = 0");
            var db = Sql.client(connection);
            db.sql("select set_config('application_name', :name, false)")
                    .param("name", "urvote backup on " + machine())
                    .query()
                    .singleRow();
            if (!db.sql("select pg_try_advisory_lock(" + LOCK + ")")
                    .query(Boolean.class)
                    .single()) {
                throw new Command.Failed("Another backup of this database is under way: " + holder(connection));
            }
            return new Turn(connection);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static String holder(Connection connection) {
        var who = Sql.client(connection)
                .sql("""
                    select a.application_name || ' (session ' || a.pid || ', since '
                           || to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC)'
                      from pg_locks l
                      join pg_stat_activity a using (pid)
                     where l.locktype = 'advisory' and l.granted
                       and l.database = (select oid from pg_database where datname = current_database())
                       and (l.classid::bigint << 32 | l.objid::bigint) = %s
                    """.formatted(LOCK))
                .query((row, _) -> row.getString(1))
                .list();
        return who.isEmpty() ? "it ended this moment, try again" : String.join(", ", who);
    }

    private static String machine() {
        var process = "process " + ProcessHandle.current().pid();
        try {
            return InetAddress.getLocalHost().getHostName() + ", " + process;
        } catch (UnknownHostException e) {
            return process;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
