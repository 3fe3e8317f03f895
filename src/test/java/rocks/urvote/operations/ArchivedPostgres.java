package rocks.urvote.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.springframework.util.FileSystemUtils;
import rocks.urvote.testkit.Ports;

/// Debian's PostgreSQL 15 as an operator has it: an ordinary user's, its configuration apart from its data, and
/// pgBackRest beside it. Its disk can be lost.
final class ArchivedPostgres implements AutoCloseable {

    private static final Path BIN = Path.of("/usr/lib/postgresql/15/bin");
    private static final Path PGBACKREST = Path.of("/usr/bin/pgbackrest");
    private static final String PASSWORD = "the-servers-own";

    private final Path folder;
    private final PostgresUser user;
    private final String superuser;
    private final int port;

    private ArchivedPostgres(Path folder, PostgresUser user, String superuser, int port) {
        this.folder = folder;
        this.user = user;
        this.superuser = superuser;
        this.port = port;
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill, "leave no server"));
    }

    static boolean isPossible() {
        return Files.isExecutable(BIN.resolve("initdb"))
                && Files.isExecutable(BIN.resolve("postgres"))
                && Files.isExecutable(PGBACKREST);
    }

    static ArchivedPostgres start() throws IOException {
        var folder = Files.createTempDirectory("urvote-recovery");
        var superuser = System.getProperty("user.name");
        if (PostgresUser.isRoot()) {
            superuser = "postgres";
            var users = FileSystems.getDefault().getUserPrincipalLookupService();
            Files.setOwner(folder, users.lookupPrincipalByName(superuser));
        }
        for (var name : new String[] {"etc/conf.d", "sockets", "repository", "log", "lock", "data"}) {
            Files.createDirectories(folder.resolve(name));
        }
        var user = PostgresUser.forFolder(folder, BIN.resolve("postgres").toString());
        var server = new ArchivedPostgres(folder, user, superuser, Ports.free());
        server.make();
        server.begin();
        return server;
    }

    private void make() throws IOException {
        var password = Files.writeString(folder.resolve("password"), PASSWORD);
        user.give(folder);
        run(
                BIN.resolve("initdb").toString(),
                "--username=" + superuser,
                "--pwfile=" + password,
                "--auth-local=peer",
                "--auth-host=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--data-checksums",
                data().toString());
        Files.move(data().resolve("pg_hba.conf"), etc().resolve("pg_hba.conf"));
        configure("postgresql.conf", """
            data_directory = '%1$s/data'
            hba_file = '%1$s/etc/pg_hba.conf'
            listen_addresses = '127.0.0.1'
            port = %2$d
            unix_socket_directories = '%1$s/sockets'
            max_connections = 50
            include_dir = 'conf.d'
            """.formatted(folder, port));
    }

    Path etc() {
        return folder.resolve("etc");
    }

    Path repository() {
        return folder.resolve("repository");
    }

    private Path data() {
        return folder.resolve("data");
    }

    DatabaseUrl url(String name) {
        return new DatabaseUrl(superuser, PASSWORD, "127.0.0.1:" + port, name, Map.of());
    }

    /// Writes a file of its configuration.
    void configure(String name, String text) throws IOException {
        user.give(Files.writeString(etc().resolve(name), text));
    }

    void begin() throws IOException {
        run(
                BIN.resolve("pg_ctl").toString(),
                "start",
                "--wait",
                "--timeout=60",
                "--pgdata=" + data(),
                "--log=" + folder.resolve("log/postgresql.log"),
                "--options=-c config_file=" + etc().resolve("postgresql.conf"));
    }

    void end() throws IOException {
        run(BIN.resolve("pg_ctl").toString(), "stop", "--wait", "--mode=fast", "--pgdata=" + data());
    }

    /// Everything at once, as a disk goes.
    void loseTheDisk() throws IOException {
        kill();
        FileSystemUtils.deleteRecursively(data());
        Files.createDirectory(
                data(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        user.give(data());
    }

    String pgbackrest(String... arguments) throws IOException {
        var command = new String[arguments.length + 3];
        command[0] = PGBACKREST.toString();
        command[1] = "--config=" + etc().resolve("pgbackrest.conf");
        command[2] = "--stanza=urvote";
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        return run(command);
    }

    /// Its output goes to a file, as the server that is started keeps it open.
    private String run(String... command) throws IOException {
        var said = Files.createTempFile("urvote-recovery", ".out");
        try {
            var program = user.program(command).redirectOutput(said.toFile());
            program.directory(folder.toFile());
            program.environment()
                    .put("PGBACKREST_LOG_PATH", folder.resolve("log").toString());
            program.environment()
                    .put("PGBACKREST_LOCK_PATH", folder.resolve("lock").toString());
            int code = program.start().waitFor();
            assertThat(code)
                    .as("%s: %s", String.join(" ", command), Files.readString(said))
                    .isZero();
            return Files.readString(said);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        } finally {
            Files.deleteIfExists(said);
        }
    }

    /// The postmaster; its children end when they see it.
    private void kill() {
        try {
            var file = data().resolve("postmaster.pid");
            if (Files.exists(file)) {
                var process = ProcessHandle.of(
                        Long.parseLong(Files.readAllLines(file).getFirst().strip()));
                process.ifPresent(ProcessHandle::destroyForcibly);
                process.ifPresent(each -> each.onExit().join());
            }
        } catch (IOException e) {
            throw new IllegalStateException("The server's process could not be found", e);
        }
    }

    @Override
    public void close() throws IOException {
        kill();
        FileSystemUtils.deleteRecursively(folder);
    }
}
