package rocks.urvote.operations.backups;

import java.sql.SQLException;
import java.util.UUID;
import rocks.urvote.operations.Command;
import rocks.urvote.operations.DatabaseUrl;
import rocks.urvote.operations.Databases;

/// An empty database beside UrVote's own, on the same server, for as long as a backup is proved in it.
final class ScratchDatabase implements AutoCloseable {

    private static final String PREFIX = "urvote_proof_";

    private final Databases databases;
    private final DatabaseUrl url;

    private ScratchDatabase(Databases databases, DatabaseUrl url) {
        this.databases = databases;
        this.url = url;
    }

    static ScratchDatabase make(Databases databases) throws SQLException {
        var name = PREFIX + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
        var own = databases.own();
        try (var connection = databases.connect(own)) {
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
                         where datname ~ ('^' || :prefix || '[0-9a-f]{12}$')
                           and pg_has_role(datdba, 'USAGE')
                           and not exists (select from pg_stat_activity a where a.datid = d.oid)
                        """)
                    .param("prefix", PREFIX)
                    .query((row, _) -> row.getString(1))
                    .list();
            for (var name : left) {
                Sql.execute(connection, "drop database if exists " + name);
            }
        }
    }

    private static void drop(Databases databases, String name) throws SQLException {
        try (var connection = databases.connect(databases.own())) {
            Sql.execute(connection, "drop database if exists %s with (force)".formatted(name));
        }
    }
}
