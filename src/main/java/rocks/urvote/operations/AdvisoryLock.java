package rocks.urvote.operations;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What sessions have in common that hold one of UrVote's advisory locks: the lock ends with the session, so that
/// nobody has to clear up after a process that was killed.
public interface AdvisoryLock {

    /// However long it takes, nobody may take the session for idle; and where its machine is gone without a word, the
    /// server finds out within two minutes and lets go of the lock.
    String SESSION = """
        set idle_session_timeout = 0;
        set tcp_keepalives_idle = 60;
        set tcp_keepalives_interval = 10;
        set tcp_keepalives_count = 6
        """;

    /// How long a server is waited for that does not answer any more, in milliseconds.
    int FAREWELL = 10_000;

    /// Makes such a session of a connection, with a name that tells others whom they wait for.
    static void prepare(Connection connection, String what) throws SQLException {
        try (var settings = connection.createStatement()) {
            settings.execute(SESSION);
        }
        connection.setClientInfo("ApplicationName", "%s on %s".formatted(what, machine()));
    }

    /// Lets go of its locks at once and closes it. By itself the server lets go a moment after a session was closed,
    /// and whoever comes in that moment would find it locked.
    static void leave(Connection session) {
        try (session;
                var statement = session.createStatement()) {
            session.setNetworkTimeout(Runnable::run, FAREWELL);
            statement.execute("select pg_advisory_unlock_all()");
        } catch (SQLException e) {
            // It broke, or nobody answers: the server finds out, see above.
        }
    }

    /// Who has a lock, in a few words.
    ///
    /// @param lock its number, in SQL
    static String holder(JdbcClient db, String lock) {
        var who =
                db.sql("""
                    select a.application_name || ' (session ' || a.pid || ', since '
                           || coalesce(to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC',
                                       'nobody may know when') || ')'
                      from pg_locks l
                      join pg_stat_activity a using (pid)
                     where l.locktype = 'advisory' and l.granted
                       and l.database = (select oid from pg_database where datname = current_database())
                       and (l.classid::bigint << 32 | l.objid::bigint) = %s
                    """.formatted(lock)).query((row, _) -> row.getString(1)).list();
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
}
