package rocks.urvote.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import rocks.urvote.testkit.Ports;

/// Debian's PostgreSQL 15, durable and tuned as UrVote would have it, for what needs `pg_dump` of the server's version.
final class DebianServer implements AutoCloseable {

    static final Path BIN = Path.of("/usr/lib/postgresql/15/bin");

    private final Path folder;
    private final int port;
    private final String password = "bench-" + UUID.randomUUID();

    private DebianServer(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /// The folder is its own, below one that every user may pass.
    static DebianServer start(Path folder, String settings) throws IOException {
        var server = new DebianServer(Files.createDirectories(folder), Ports.free());
        try {
            server.begin(settings);
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void begin(String settings) throws IOException {
        var secret = Files.writeString(folder.resolve("password"), password);
        if (isRoot()) {
            call(List.of("chown", "-R", "postgres", folder.toString()));
        }
        call(asOwner(
                "initdb",
                "--username=postgres",
                "--pwfile=" + secret,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                data().toString()));
        Files.writeString(data().resolve("urvote.conf"), settings);
        Files.writeString(
                data().resolve("postgresql.conf"),
                "include = 'urvote.conf'\nlisten_addresses = '127.0.0.1'\nport = %d\nunix_socket_directories = ''\n"
                        .formatted(port),
                java.nio.file.StandardOpenOption.APPEND);
        call(asOwner("pg_ctl", "start", "--wait", "--pgdata=" + data(), "--log=" + folder.resolve("server.log")));
    }

    private Path data() {
        return folder.resolve("data");
    }

    String url(String name) {
        return "postgresql://postgres:%s@127.0.0.1:%d/%s".formatted(password, port, name);
    }

    private static List<String> asOwner(String program, String... options) {
        var command = new ArrayList<String>();
        if (isRoot()) {
            command.addAll(List.of("runuser", "-u", "postgres", "--"));
        }
        command.add(BIN.resolve(program).toString());
        command.addAll(List.of(options));
        return command;
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private void call(List<String> command) throws IOException {
        var said = folder.resolveSibling(folder.getFileName() + ".out");
        try {
            int code = new ProcessBuilder(command)
                    .directory(Path.of("/").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("%s failed: %s".formatted(command, Files.readString(said)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the server was made", e);
        }
    }

    @Override
    public void close() {
        if (!Files.exists(data().resolve("postmaster.pid"))) {
            return;
        }
        try {
            call(asOwner("pg_ctl", "stop", "--wait", "--mode=fast", "--pgdata=" + data()));
        } catch (IOException e) {
            throw new IllegalStateException("The server could not be stopped", e);
        }
    }
}
