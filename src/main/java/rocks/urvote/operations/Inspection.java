package rocks.urvote.operations;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// What a module has to say in `urvote check`, once there are tables. A class with a constructor without parameters,
/// found wherever it lies below the application.
public interface Inspection {

    /// One line: what was looked at, and where it is not as it should be, what to do.
    record Finding(boolean fine, String line) {

        public static Finding fine(String line) {
            return new Finding(true, line);
        }

        public static Finding doubtful(String line) {
            return new Finding(false, line);
        }
    }

    /// With the sight of an admin, in a transaction of which nothing is kept.
    List<Finding> look(Connection connection, Path dataDir) throws SQLException;
}
