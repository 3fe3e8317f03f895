package rocks.urvote.operations;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/// What a module has to say in `urvote check`, once there are tables. A class with a constructor without parameters,
/// found wherever it lies below the application.
public interface Inspection {

    /// How bad it is: `STOPPING` where UrVote would not start, or not work.
    enum Degree {
        FINE,
        DOUBTFUL,
        STOPPING
    }

    /// One line: what was looked at, and where it is not as it should be, what to do.
    record Finding(Degree degree, String line) {

        public static Finding fine(String line) {
            return new Finding(Degree.FINE, line);
        }

        public static Finding doubtful(String line) {
            return new Finding(Degree.DOUBTFUL, line);
        }

        public static Finding stopping(String line) {
            return new Finding(Degree.STOPPING, line);
        }
    }

    /// With the sight of an admin, in a transaction of which nothing is kept.
    ///
    /// @param settings as the modules bind them; what is not set is absent
    List<Finding> look(Connection connection, Path dataDir, Map<String, Object> settings) throws SQLException;
}
