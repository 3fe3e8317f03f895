package rocks.urvote.operations;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.springframework.util.FileSystemUtils;

/// A server that follows a cluster of the tests: made from a copy of its files while it runs, as the bundled PostgreSQL
/// has no tool for it.
public final class TestReplica implements AutoCloseable {

    private static final Duration A_START = Duration.ofSeconds(60);

    private final Path folder;
    private final Process process;
    private final String url;

    private TestReplica(Path folder, Process process, String url) {
        this.folder = folder;
        this.process = process;
        this.url = url;
    }

    /// A replica of the primary that takes connections.
    ///
    /// @param settings as the primary has them
    public static TestReplica follow(TestCluster primary, int port, List<String> settings) {
        try {
            var folder = primary.folder().resolveSibling("replica");
            FileSystemUtils.deleteRecursively(folder);
            var data = Files.createDirectories(folder.resolve("data"));
            copy(primary, data);
            Files.createFile(data.resolve("standby.signal"));
            Files.writeString(
                    data.resolve("postgresql.auto.conf"),
                    "primary_conninfo = '%s'\n".formatted(primary.superuserUrl()),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            var binaries = TestCluster.bundledBinaries();
            Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
            var user = PostgresUser.forFolder(folder, binaries.program("postgres"));
            user.give(folder);
            var command = new ArrayList<>(List.of(
                    binaries.program("postgres"),
                    "-D",
                    data.toString(),
                    "-p",
                    Integer.toString(port),
                    "-c",
                    "listen_addresses=127.0.0.1",
                    "-c",
                    "unix_socket_directories="));
            settings.forEach(setting -> command.addAll(List.of("-c", setting)));
            var process = user.program(command.toArray(String[]::new))
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            var replica = new TestReplica(
                    folder,
                    process,
                    primary.superuserUrl().replaceFirst("@127\\.0\\.0\\.1:\\d+/", "@127.0.0.1:" + port + "/"));
            replica.awaitStart();
            return replica;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What is written meanwhile is in the journal, from which the copy is mended when it starts.
    private static void copy(TestCluster primary, Path to) throws SQLException, IOException {
        try (var connection = connect(primary.superuserUrl());
                var statement = connection.createStatement()) {
            statement.execute("select pg_backup_start('replica', true)");
            var from = primary.folder().resolve("postgres/data");
            try (var files = Files.walk(from)) {
                for (var file : (Iterable<Path>) files::iterator) {
                    var name = from.relativize(file);
                    if (!name.toString().isEmpty() && !name.startsWith("postmaster.pid")) {
                        copyOne(file, to.resolve(name));
                    }
                }
            }
            try (var label = statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
                label.next();
                Files.writeString(to.resolve("backup_label"), label.getString(1));
            }
        }
    }

    /// A file may go while it is copied: then it is not needed.
    private static void copyOne(Path file, Path copy) throws IOException {
        try {
            Files.copy(file, copy);
        } catch (NoSuchFileException e) {
            Files.deleteIfExists(copy);
        }
    }

    private void awaitStart() throws IOException {
        var end = Instant.now().plus(A_START);
        while (true) {
            try (var _ = connect(url)) {
                return;
            } catch (SQLException e) {
                if (!process.isAlive() || Instant.now().isAfter(end)) {
                    close();
                    throw new IllegalStateException(
                            "The replica did not start:\n" + Files.readString(folder.resolve("log")), e);
                }
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        }
    }

    /// Receives what the primary writes, and does not show it.
    public void pause() {
        execute("select pg_wal_replay_pause()");
    }

    public void goOn() {
        execute("select pg_wal_replay_resume()");
    }

    private void execute(String sql) {
        try (var connection = connect(url);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Connection connect(String url) throws SQLException {
        return DriverManager.getConnection(TestCluster.jdbc(url));
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
