package rocks.urvote.operations;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.springframework.util.FileSystemUtils;

/// A cluster for tests: the embedded database's own launcher, without waiting for the disk.
/// Lives until the JVM ends.
public final class TestCluster {

    private static final Path FOLDER = Path.of("target", "test-postgres").toAbsolutePath();

    private static final Map<String, String> HASTY =
            Map.of("fsync", "off", "synchronous_commit", "off", "full_page_writes", "off");

    private final Path folder;
    private final String url;
    private final AtomicInteger databases = new AtomicInteger();

    private TestCluster(Path folder, EmbeddedPostgres postgres) {
        this.folder = folder;
        this.url = postgres.url();
        Runtime.getRuntime().addShutdownHook(new Thread(postgres::close, "test-postgres"));
    }

    /// The PostgreSQL that travels with UrVote.
    public static TestCluster bundled(String name) {
        return start(name, _ -> bundledBinaries());
    }

    /// A PostgreSQL of this machine.
    public static TestCluster installed(Path bin, int major) {
        return start("installed-" + major, _ -> PostgresBinaries.installed(bin, major));
    }

    /// The bundled PostgreSQL, its server started with more in its environment; `initdb` and `pg_ctl` are as they are.
    public static TestCluster bundledWith(String name, Map<String, String> environment) {
        return start(name, folder -> withEnvironment(bundledBinaries(), folder.resolve("wrapped"), environment));
    }

    /// A PostgreSQL of this machine, its server started with more in its environment.
    public static TestCluster installedWith(String name, Path bin, int major, Map<String, String> environment) {
        return start(
                name,
                folder -> withEnvironment(
                        PostgresBinaries.installed(bin, major), folder.resolve("wrapped"), environment));
    }

    /// The bundled PostgreSQL, told more in its configuration.
    public static TestCluster bundledTold(String name, Map<String, String> settings) {
        var all = new HashMap<>(HASTY);
        all.putAll(settings);
        return start(name, all, _ -> bundledBinaries());
    }

    private static PostgresBinaries withEnvironment(PostgresBinaries real, Path folder, Map<String, String> environment)
            throws IOException {
        var bin = Files.createDirectories(folder);
        for (var program : List.of("initdb", "pg_ctl")) {
            var link = bin.resolve(program);
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, Path.of(real.program(program)));
        }
        var server = Files.writeString(
                bin.resolve("postgres"),
                environment.entrySet().stream()
                        .map(each -> "export %s='%s'\n".formatted(each.getKey(), each.getValue()))
                        .collect(Collectors.joining(
                                "", "#!/bin/sh\n", "exec '%s' \"$@\"\n".formatted(real.program("postgres")))));
        Files.setPosixFilePermissions(server, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new PostgresBinaries(bin, real.major(), real.locale());
    }

    /// An older one that UrVote promises to run on, as the build has fetched it.
    static synchronized PostgresBinaries olderBinaries(String major) throws IOException {
        try (var jars = Files.newDirectoryStream(Path.of("target/older-postgres"), "*-%s.*.jar".formatted(major))) {
            var jar = jars.iterator().next().toUri();
            return PostgresBinaries.unpacked(
                    URI.create("jar:%s!/%s".formatted(jar, PostgresBinaries.archiveName()))
                            .toURL(),
                    FOLDER.resolve("older-" + major),
                    TestCluster::ignore);
        }
    }

    /// Unpacked once for all tests and runs.
    static synchronized PostgresBinaries bundledBinaries() throws IOException {
        return PostgresBinaries.bundled(FOLDER, TestCluster::ignore);
    }

    static void ignore(String progress) {}

    /// The data folder, with all of it in `postgres`.
    Path folder() {
        return folder;
    }

    public String superuserUrl() {
        return url;
    }

    /// An empty database of its own for the caller; its superuser URL.
    public String freshDatabase() {
        return create("");
    }

    /// A database with all that another one has, in which nobody is at work; its superuser URL.
    public String copyOf(String template) {
        return create(" template " + template);
    }

    private String create(String template) {
        var name = "test_%d_%d".formatted(ProcessHandle.current().pid(), databases.incrementAndGet());
        try (var connection = DriverManager.getConnection(jdbc(url));
                var statement = connection.createStatement()) {
            statement.execute("create database " + name + template);
        } catch (SQLException e) {
            throw new IllegalStateException("No database " + name + template, e);
        }
        return url.substring(0, url.lastIndexOf('/') + 1) + name;
    }

    static String jdbc(String url) {
        var password = url.substring(url.indexOf(':', 13) + 1, url.indexOf('@'));
        return "jdbc:postgresql://%s?user=postgres&password=%s"
                .formatted(url.substring(url.indexOf('@') + 1), password);
    }

    /// What a run before left behind is stopped and thrown away: its databases are of no use to this one.
    private static TestCluster start(String name, EmbeddedPostgres.Programs programs) {
        return start(name, HASTY, programs);
    }

    private static TestCluster start(String name, Map<String, String> settings, EmbeddedPostgres.Programs programs) {
        var folder = FOLDER.resolve(name);
        try {
            if (Files.exists(folder)) {
                EmbeddedPostgres.start(folder, TestCluster::ignore, settings, programs)
                        .close();
                FileSystemUtils.deleteRecursively(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new TestCluster(folder, EmbeddedPostgres.start(folder, TestCluster::ignore, settings, programs));
    }
}
