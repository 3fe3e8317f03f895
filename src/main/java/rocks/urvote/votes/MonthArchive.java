package rocks.urvote.votes;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import rocks.urvote.kernel.Digest;
import rocks.urvote.operations.Command;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// A detached month in a file: a zip of each table as CSV, and a manifest by which it is told whether it is whole.
final class MonthArchive {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String MANIFEST = "manifest.json";

    record Table(String name, long rows, String sha256, List<String> columns) {}

    record Manifest(String month, String schemaVersion, List<Table> tables) {

        Months.Rows rows() {
            return new Months.Rows(table("votes").rows(), table("ballots").rows());
        }

        Table table(String name) {
            return tables.stream()
                    .filter(table -> table.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private final Path file;

    MonthArchive(Path file) {
        this.file = file;
    }

    Path file() {
        return file;
    }

    /// Where a month goes next; an archive that is there is never written over.
    static MonthArchive next(Path folder, Month month) {
        var file = folder.resolve("votes_%s.zip".formatted(month));
        for (var n = 2; Files.exists(file); n++) {
            file = folder.resolve("votes_%s_%d.zip".formatted(month, n));
        }
        return new MonthArchive(file);
    }

    /// Writes the month, reads it back, and only then gives the file its name.
    Manifest write(Connection connection, Month month) throws SQLException, IOException {
        var folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException("%s lies in no folder".formatted(file));
        }
        Files.createDirectories(folder);
        var arriving = Files.createTempFile(
                folder,
                ".votes_" + month + "_",
                ".arriving",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            var written = writeTo(arriving, connection, month);
            if (!new MonthArchive(arriving).read().equals(written)) {
                throw new IOException("%s does not read back as it was written".formatted(arriving));
            }
            Files.move(arriving, file, StandardCopyOption.ATOMIC_MOVE);
            try (var directory = FileChannel.open(folder)) {
                directory.force(true);
            }
            return written;
        } finally {
            Files.deleteIfExists(arriving);
        }
    }

    private static Manifest writeTo(Path path, Connection connection, Month month) throws SQLException, IOException {
        var months = new Months(connection);
        try (var channel = FileChannel.open(path, StandardOpenOption.WRITE);
                var zip = new ZipOutputStream(Channels.newOutputStream(channel))) {
            var tables = new ArrayList<Table>();
            months.unforce(month);
            for (var parent : Month.PARENTS) {
                tables.add(writeTable(zip, connection, month.table(parent), parent, months.columns(parent)));
            }
            months.force(month);
            var manifest = new Manifest(month.toString(), months.schemaVersion(), tables);
            zip.putNextEntry(new ZipEntry(MANIFEST));
            zip.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest));
            zip.closeEntry();
            zip.finish();
            channel.force(true);
            return manifest;
        }
    }

    private static Table writeTable(
            ZipOutputStream zip, Connection connection, String table, String name, List<String> columns)
            throws SQLException, IOException {
        zip.putNextEntry(new ZipEntry(csv(name)));
        var content = new DigestOutputStream(zip, Digest.sha256());
        var rows = copies(connection)
                .copyOut(
                        "copy %s (%s) to stdout with (format csv, header)".formatted(table, String.join(", ", columns)),
                        content);
        zip.closeEntry();
        return new Table(name, rows, hex(content.getMessageDigest()), columns);
    }

    /// What the manifest says, once the content of the file is as it says.
    Manifest read() throws IOException {
        try (var zip = new ZipFile(file.toFile())) {
            var manifest = manifest(zip);
            for (var table : manifest.tables()) {
                var digest = Digest.sha256();
                try (var content = new DigestInputStream(content(zip, csv(table.name())), digest)) {
                    content.transferTo(OutputStream.nullOutputStream());
                }
                if (!hex(digest).equals(table.sha256())) {
                    throw damaged("its %s are not those that were written".formatted(table.name()), null);
                }
            }
            return manifest;
        } catch (ZipException e) {
            throw damaged(String.valueOf(e.getMessage()), e);
        }
    }

    private Manifest manifest(ZipFile zip) throws IOException {
        try (var content = content(zip, MANIFEST)) {
            var manifest = JSON.readValue(content, Manifest.class);
            month(manifest);
            if (!manifest.tables().stream().map(Table::name).toList().equals(Month.PARENTS)) {
                throw damaged("it holds other tables than votes and ballots", null);
            }
            return manifest;
        } catch (JacksonException | NullPointerException e) {
            throw damaged("its manifest is no manifest", e);
        }
    }

    Month month(Manifest manifest) {
        try {
            return new Month(YearMonth.parse(manifest.month()));
        } catch (DateTimeException e) {
            throw damaged("it names no month", e);
        }
    }

    private InputStream content(ZipFile zip, String name) throws IOException {
        var entry = zip.getEntry(name);
        if (entry == null) {
            throw damaged(name + " is missing", null);
        }
        return zip.getInputStream(entry);
    }

    /// Fills the tables of a month that were just made, and are empty. Columns that came since have their defaults.
    void load(Connection connection, Manifest manifest) throws SQLException, IOException {
        var months = new Months(connection);
        var month = month(manifest);
        months.unforce(month);
        try (var zip = new ZipFile(file.toFile())) {
            for (var table : manifest.tables()) {
                var gone = new HashSet<>(table.columns());
                gone.removeAll(months.columns(table.name()));
                if (!gone.isEmpty()) {
                    throw new Command.Failed("%s has columns that %s no longer have: %s"
                            .formatted(file, table.name(), String.join(", ", gone)));
                }
                load(connection, zip, month, table);
            }
        }
        months.force(month);
    }

    private void load(Connection connection, ZipFile zip, Month month, Table table) throws SQLException, IOException {
        var digest = Digest.sha256();
        try (var content = new DigestInputStream(content(zip, csv(table.name())), digest)) {
            var rows = copies(connection)
                    .copyIn(
                            "copy %s (%s) from stdin with (format csv, header match)"
                                    .formatted(month.table(table.name()), String.join(", ", table.columns())),
                            content);
            if (rows != table.rows() || !hex(digest).equals(table.sha256())) {
                throw damaged("its %s are not those that were written".formatted(table.name()), null);
            }
        }
    }

    private Command.Failed damaged(String how, @Nullable Exception cause) {
        var line = "%s is no archive that could be trusted, and nothing was changed: %s".formatted(file, how);
        return cause == null ? new Command.Failed(line) : new Command.Failed(line, cause);
    }

    /// Dates and times as they are read back anywhere.
    private static CopyManager copies(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("set local datestyle = 'ISO, YMD'; set local timezone = 'UTC'");
        }
        return connection.unwrap(PGConnection.class).getCopyAPI();
    }

    private static String csv(String table) {
        return table + ".csv";
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
