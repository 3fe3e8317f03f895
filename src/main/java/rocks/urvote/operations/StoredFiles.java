package rocks.urvote.operations;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// The files that belong to a database, as the module that keeps them has them written down. A class with a constructor
/// without parameters, found wherever it lies below the application.
public interface StoredFiles {

    /// One of them.
    ///
    /// @param path below the folder of uploads
    record StoredFile(String path, long size, String sha256) {}

    /// In the order of their paths, as this transaction sees them.
    List<StoredFile> in(Connection connection) throws SQLException;
}
