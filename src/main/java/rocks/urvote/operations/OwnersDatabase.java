package rocks.urvote.operations;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/// The database as the owner of its tables, for commands that change what tables there are. The application that
/// serves has no such thing.
public interface OwnersDatabase {

    /// Does the work in one transaction as the owner, with the sight of a chore. It waits for no lock longer
    /// than half a second: nobody waits longer behind it, and a deadlock, which PostgreSQL looks for after a
    /// second, costs nobody else their work. What could not be locked is undone and done again, a few times.
    <T> T inTransaction(Work<T> work);

    /// What is done in one transaction, perhaps more than once.
    interface Work<T> {

        T on(Connection connection) throws SQLException, IOException;
    }
}
