package rocks.urvote.operations.backups;

import java.sql.Connection;
import java.sql.SQLException;
import rocks.urvote.operations.AdvisoryLock;
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
            AdvisoryLock.prepare(connection, "urvote backup");
            var db = Sql.client(connection);
            if (!db.sql("select pg_try_advisory_lock(" + LOCK + ")")
                    .query(Boolean.class)
                    .single()) {
                throw new Command.Failed(
                        "Another backup of this database is under way: " + AdvisoryLock.holder(db, LOCK));
            }
            return new Turn(connection);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public void close() {
        AdvisoryLock.leave(connection);
    }
}
