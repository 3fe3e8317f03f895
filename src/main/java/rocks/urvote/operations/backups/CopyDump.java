package rocks.urvote.operations.backups;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.postgresql.PGConnection;

/// UrVote's own form of a backup, for a server whose client tools are not here: a zip with each table as `COPY` writes
/// it. The tables themselves are made anew by the migrations, so all it needs is their versions. It can be read without
/// UrVote: `unzip -p ….dump contest.songs.copy`.
final class CopyDump {

    /// Little of the processor, which the votes need, for most of what is to be had.
    private static final int LEVEL = 2;

    private CopyDump() {}

    static void write(Snapshot snapshot, Path file) throws SQLException, IOException {
        var copies = snapshot.connection().unwrap(PGConnection.class).getCopyAPI();
        try (OutputStream bytes = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
                var zip = new ZipOutputStream(bytes)) {
            zip.setLevel(LEVEL);
            for (var table : snapshot.tables()) {
                zip.putNextEntry(new ZipEntry(entry(table)));
                copies.copyOut(
                        "copy %s (%s) to stdout".formatted(table.name(), String.join(", ", table.columns())), zip);
                zip.closeEntry();
            }
        }
    }

    static String entry(Manifest.Table table) {
        return table.name() + ".copy";
    }
}
