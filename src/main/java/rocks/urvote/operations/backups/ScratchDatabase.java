package rocks.urvote.operations.backups;

import java.sql.SQLException;
import java.util.UUID;
import rocks.urvote.operations.Command;
import rocks.urvote.operations.DatabaseUrl;
import rocks.urvote.operations.Databases;

/// An empty database beside UrVote's own, on the same server, for as long as a backup is proved in it.
final class ScratchDatabase implements AutoCloseable {

    /// With the number of UrVote's own database, as others of the same login may be on the same server.
    private static final String PREFIX =
            "select 'urvote_proof_' || oid || '_' as prefix from pg_database where datname = current_database()";

    private static final String IN_USE = "55006";

    private final Databases databases;
    private final DatabaseUrl url;

    private ScratchDatabase(Databases databases, DatabaseUrl url) {
        this.databases = databases;
        this.url = url;
    }

    static ScratchDatabase make(Databases databases) throws SQLException {
        var own = databases.own();
        String name;
        try (var connection = databases.connect(own)) {
            name = Sql.client(connection).sql(PREFIX).query(String.class).single()
                    + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
            Sql.execute(connection, "create database %s template template0 encoding 'UTF8'".formatted(name));
            Sql.execute(connection, "revoke connect on database %s from public".formatted(name));
        } catch (SQLException e) {
            throw new Command.Failed(
                    "A backup is proved in a database of its own, but %s may not make one (%s): have a superuser 'alter role %1$s createdb'"
                            .formatted(own.user(), Sql.firstLine(e)),
                    e);
        }
        return new ScratchDatabase(databases, own.named(name));
    }

    DatabaseUrl url() {
        return url;
    }

    @Override
    public void close() throws SQLException {
        drop(databases, url.name());
    }

    /// What was left behind by backups that were killed. Only while no other is under way.
    static void sweep(Databases databases) throws SQLException {
        try (var connection = databases.connect(databases.own())) {
            var left = Sql.client(connection)
                    .sql("""
                        select datname
                          from pg_database d
                          join (%s) own on datname ~ ('^' || prefix || '[0-9a-f]{12}$')
                         where pg_has_role(datdba, 'USAGE')
                           and not exists (select from pg_stat_activity a
                                            where a.datid = d.oid and a.usesysid is not null)
                        """.formatted(PREFIX))
                    .query((row, _) -> row.getString(1))
                    .list();
            for (var name : left) {
                Sql.execute(connection, "drop database if exists " + name);
            }
        }
    }

    /// The server waits for sessions that are ending, and autovacuum makes way. Force is for whoever stays: it needs
    /// rights over every session that is there, and over autovacuum's nobody but a superuser has them.
    private static void drop(Databases databases, String name) throws SQLException {
        try (var connection = databases.connect(databases.own())) {
            var plainly = "drop database if exists " + name;
            try {
                Sql.execute(connection, plainly);
            } catch (SQLException e) {
                if (!IN_USE.equals(e.getSQLState())) {
                    throw e;
                }
                Sql.execute(connection, plainly + " with (force)");
            }
        }
    }
}
