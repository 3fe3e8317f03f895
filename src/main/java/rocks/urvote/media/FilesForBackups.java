package rocks.urvote.media;

import java.sql.Connection;
import java.util.List;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import rocks.urvote.kernel.Sql;
import rocks.urvote.operations.StoredFiles;

/// Every file that was kept.
final class FilesForBackups implements StoredFiles {

    @Override
    public List<StoredFile> in(Connection connection) {
        return Sql.on(new SingleConnectionDataSource(connection, true))
                .sql("select path, size, sha256 from media.files order by path")
                .query((row, _) -> new StoredFile(row.getString("path"), row.getLong("size"), row.getString("sha256")))
                .list();
    }
}
