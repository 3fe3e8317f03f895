package rocks.urvote.operations.backups;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import rocks.urvote.operations.Command;
import rocks.urvote.operations.Databases;

/// The database at one instant, every row of it, as the role that backs up sees it. While it is open none of its
/// tables can go.
final class Snapshot implements AutoCloseable {

    private final Connection connection;
    private final Catalogue catalogue;
    private final List<Manifest.Table> tables;

    private Snapshot(Connection connection) {
        this.connection = connection;
        this.catalogue = new Catalogue(connection);
        this.tables = catalogue.tables();
    }

    static Snapshot take(Databases databases) throws SQLException {
        var connection = databases.connect(databases.own());
        try {
            actAsBackup(connection, databases);
            Sql.execute(connection, Sql.SAME_EVERYWHERE);
            Sql.execute(connection, "set lock_timeout = '30s'; set max_parallel_workers_per_gather = 0");
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
            var snapshot = new Snapshot(connection);
            snapshot.holdTables();
            snapshot.refuseBlindness();
            return snapshot;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static void actAsBackup(Connection connection, Databases databases) throws SQLException {
        try {
            Sql.execute(connection, "set role " + Databases.BACKUP);
        } catch (SQLException e) {
            throw new Command.Failed(
                    "%s may not act as %s, which reads everything (%s): have a superuser 'grant %2$s to %1$s'"
                            .formatted(databases.own().user(), Databases.BACKUP, Sql.firstLine(e)),
                    e);
        }
    }

    private void holdTables() throws SQLException {
        if (tables.isEmpty()) {
            throw new Command.Failed("There is nothing to back up: this database has no tables of UrVote");
        }
        var all = Stream.concat(
                        catalogue.partitionedTables().stream(), tables.stream().map(Manifest.Table::name))
                .collect(Collectors.joining(", "));
        try {
            Sql.execute(connection, "lock table %s in access share mode".formatted(all));
        } catch (SQLException e) {
            throw new Command.Failed(
                    "%s cannot read all tables (%s): have a superuser 'grant pg_read_all_data to %1$s'"
                            .formatted(Databases.BACKUP, Sql.firstLine(e)),
                    e);
        }
    }

    /// A role under policies would see fewer rows, and a backup by it would be empty without a word. PostgreSQL refuses
    /// that as well, since `row_security` is off; here it is said in time and with what to do.
    private void refuseBlindness() {
        var hidden = Sql.client(connection)
                .sql("select name from unnest(:tables) name where row_security_active(name)")
                .param("tables", tables.stream().map(Manifest.Table::name).toArray(String[]::new))
                .query((row, _) -> row.getString(1))
                .list();
        if (!hidden.isEmpty()) {
            throw new Command.Failed(
                    "%s does not see every row of %d tables, %s among them, so a backup by it would be without them:"
                                    .formatted(Databases.BACKUP, hidden.size(), hidden.getFirst())
                            + " have a superuser 'alter role %s bypassrls'".formatted(Databases.BACKUP));
        }
    }

    /// For another connection that is to see the same.
    String export() {
        return Sql.client(connection)
                .sql("select pg_export_snapshot()")
                .query(String.class)
                .single();
    }

    Connection connection() {
        return connection;
    }

    Catalogue catalogue() {
        return catalogue;
    }

    /// Not counted yet.
    List<Manifest.Table> tables() {
        return tables;
    }

    List<Manifest.Table> counted() throws SQLException {
        var counted = new ArrayList<Manifest.Table>();
        for (var table : tables) {
            counted.add(catalogue.counted(table));
        }
        return counted;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
