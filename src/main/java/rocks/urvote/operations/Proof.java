package rocks.urvote.operations;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// What a module knows to be true of its data in any whole database: asked of each backup once it is restored. A class
/// with a constructor without parameters, found wherever it lies below the application.
public interface Proof {

    /// What is not as it must be, as sentences; empty where all is well. Every row is seen, and nothing is kept of what
    /// is done.
    List<String> faults(Connection connection) throws SQLException;
}
