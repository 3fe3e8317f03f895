package rocks.urvote.operations;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.springframework.util.FileSystemUtils;

/// One PostgreSQL cluster in one folder, running or not.
record Cluster(Path folder) {

    private static final Duration A_SECOND = Duration.ofSeconds(1);
    private static final Duration RECOVERY = Duration.ofMinutes(10);
    private static final int STOPPING_SECONDS = 120;
    private static final long LARGE_LOG = 10_000_000;

    /// The server's own account of itself: whether it takes connections yet, and where.
    record Postmaster(long pid, int port, boolean ready) {}

    Path data() {
        return folder.resolve("data");
    }

    Path log() {
        return folder.resolve("postgres.log");
    }

    /// Makes the cluster where there is none: under another name first, so that one of the right name is complete.
    void make(PostgresBinaries binaries, PostgresUser user, Consumer<String> progress) throws IOException {
        if (Files.exists(data().resolve("PG_VERSION"))) {
            var made = Files.readString(data().resolve("PG_VERSION")).strip();
            if (made.equals(Integer.toString(binaries.major()))) return;
            throw new EmbeddedPostgresException(
                    "The database in %s was made by PostgreSQL %s, but this UrVote brings PostgreSQL %d: start it with the UrVote that made it, back it up, and restore it here."
                            .formatted(data(), made, binaries.major()));
        }
        progress.accept("Creating the database in %s ...".formatted(data()));
        if (!Files.exists(folder.resolve("password"))) {
            var random = new byte[24];
            new SecureRandom().nextBytes(random);
            writeForOwner(folder.resolve("password"), HexFormat.of().formatHex(random));
        }
        var arriving = folder.resolve("data-arriving");
        FileSystemUtils.deleteRecursively(arriving);
        Files.createDirectory(arriving);
        user.give(folder);
        var command = new ArrayList<>(List.of(
                binaries.program("initdb"),
                "-D",
                arriving.toString(),
                "-U",
                "postgres",
                "-A",
                "scram-sha-256",
                "--pwfile=" + folder.resolve("password"),
                "-E",
                "UTF8"));
        command.addAll(binaries.locale());
        var made = user.run(command.toArray(String[]::new));
        if (made.code() != 0) {
            throw new EmbeddedPostgresException(
                    "PostgreSQL could not make a database in %s: %s".formatted(folder, made.output()));
        }
        Files.writeString(arriving.resolve("postgresql.conf"), """

            # UrVote: what you set below this line, or with "alter system", wins.
            max_connections = 200
            jit = off
            timezone = 'UTC'
            log_timezone = 'UTC'
            # what people sent stays out of the log
            log_error_verbosity = terse
            log_min_error_statement = panic
            """, StandardOpenOption.APPEND);
        Files.move(arriving, data(), StandardCopyOption.ATOMIC_MOVE);
    }

    /// Whether a running server was found that is as one started now would be.
    boolean adopt(Map<String, String> settings, PostgresBinaries binaries, Consumer<String> progress) {
        var postmaster = postmaster();
        if (postmaster.isEmpty()) return false;
        progress.accept("Taking over the database that is still running in %s ...".formatted(data()));
        if (!answersWithin(Duration.ofSeconds(30), postmaster.get())) return false;
        try (var connection = connect("postgres");
                var show = connection.prepareStatement("select current_setting(?)")) {
            for (var setting : settings.entrySet()) {
                show.setString(1, setting.getKey());
                try (var row = show.executeQuery()) {
                    if (!row.next() || !setting.getValue().equals(row.getString(1))) return false;
                }
            }
            var program = Path.of("/proc", Long.toString(postmaster.get().pid()), "exe");
            return Files.isSameFile(program, Path.of(binaries.program("postgres")));
        } catch (SQLException | IOException e) {
            return false;
        }
    }

    /// Leaves no process behind in the folder, and no `postmaster.pid` that would keep a new one from starting.
    ///
    /// PostgreSQL itself believes in a stale file when its number has been given to another process since.
    void clear(PostgresBinaries binaries, PostgresUser user, Consumer<String> progress) throws IOException {
        if (postmaster().isPresent()) {
            progress.accept("Stopping the database that is still running in %s ...".formatted(data()));
            stop(binaries, user);
        }
        if (!within(Duration.ofSeconds(30), () -> processes().isEmpty())) {
            throw new EmbeddedPostgresException(
                    "Processes of a database that ended are still at work in %s: %s".formatted(data(), processes()));
        }
        Files.deleteIfExists(data().resolve("postmaster.pid"));
    }

    void start(
            Map<String, String> settings,
            int port,
            PostgresBinaries binaries,
            PostgresUser user,
            Consumer<String> progress,
            BooleanSupplier abandoned)
            throws IOException {
        if (Files.exists(log()) && Files.size(log()) > LARGE_LOG) {
            Files.move(log(), folder.resolve("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        var command = new ArrayList<>(List.of(
                binaries.program("postgres"),
                "-D",
                data().toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories="));
        new TreeMap<>(settings).forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        var program = user.program(command.toArray(String[]::new));
        program.command().addFirst("setsid");
        var process = program.redirectOutput(Redirect.appendTo(log().toFile())).start();
        var up = false;
        try {
            if (!within(A_SECOND, () -> !process.isAlive() || answers())) {
                progress.accept("Starting PostgreSQL in %s ...".formatted(data()));
                within(RECOVERY, () -> !process.isAlive() || answers() || abandoned.getAsBoolean());
            }
            up = process.isAlive() && answers();
        } finally {
            if (!up) stop(binaries, user);
        }
        if (!up) {
            throw new EmbeddedPostgresException("PostgreSQL did not start; the last lines of %s:\n%s"
                    .formatted(log(), String.join("\n", lastOfLog())));
        }
        if (lastPort() != port) {
            Files.writeString(folder.resolve("port"), Integer.toString(port));
            user.give(folder.resolve("port"));
        }
        user.give(log());
    }

    /// Ends all sessions, writes everything down, and waits; only if that takes too long,
    /// ends at once, which costs the next start a recovery and no data.
    void stop(PostgresBinaries binaries, PostgresUser user) throws IOException {
        var postmaster = postmaster();
        if (postmaster.isEmpty()) return;
        for (var mode : List.of("fast", "immediate")) {
            var stopped = user.run(
                    binaries.program("pg_ctl"),
                    "stop",
                    "-D",
                    data().toString(),
                    "-m",
                    mode,
                    "-w",
                    "-t",
                    Integer.toString(STOPPING_SECONDS));
            if (stopped.code() == 0
                    && within(Duration.ofSeconds(10), () -> postmaster().isEmpty())) return;
        }
        throw new EmbeddedPostgresException("PostgreSQL (process %d) does not stop; the last lines of %s:\n%s"
                .formatted(postmaster.get().pid(), log(), String.join("\n", lastOfLog())));
    }

    void createDatabase(String name) throws IOException {
        try (var connection = connect("postgres");
                var statement = connection.createStatement()) {
            try (var found = statement.executeQuery("select 1 from pg_database where datname = '" + name + "'")) {
                if (found.next()) return;
            }
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IOException("no database could be made: " + e.getMessage(), e);
        }
    }

    /// The living server of this folder, as `postmaster.pid` has it.
    Optional<Postmaster> postmaster() {
        try {
            var lines = Files.readAllLines(data().resolve("postmaster.pid"));
            if (lines.size() < 4) return Optional.empty();
            var postmaster = new Postmaster(
                    Long.parseLong(lines.get(0).strip()),
                    Integer.parseInt(lines.get(3).strip()),
                    lines.getLast().strip().equals("ready"));
            return worksHere(postmaster.pid()) ? Optional.of(postmaster) : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /// The numbers of all PostgreSQL's processes that are at work in the data folder.
    List<Long> processes() {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(this::worksHere)
                .toList();
    }

    private boolean worksHere(long pid) {
        try {
            var process = Path.of("/proc", Long.toString(pid));
            return Files.isSameFile(process.resolve("cwd"), data())
                    && Files.readSymbolicLink(process.resolve("exe")).toString().contains("/postgres");
        } catch (IOException e) {
            return false;
        }
    }

    private boolean answersWithin(Duration time, Postmaster postmaster) {
        return within(time, () -> !worksHere(postmaster.pid()) || answers()) && answers();
    }

    private boolean answers() {
        if (!postmaster().map(Postmaster::ready).orElse(false)) return false;
        try (var _ = connect("postgres")) {
            return true;
        } catch (SQLException e) {
            if (!"28P01".equals(e.getSQLState())) return false;
            throw new EmbeddedPostgresException(
                    "The database in %s does not take the password in %s: put back the file that belongs to it."
                            .formatted(data(), folder.resolve("password")));
        }
    }

    String url(String database) {
        return "postgresql://postgres:%s@127.0.0.1:%d/%s"
                .formatted(
                        password(),
                        postmaster()
                                .map(Postmaster::port)
                                .orElseThrow(() -> new EmbeddedPostgresException(
                                        "PostgreSQL ended as soon as it was started; see %s".formatted(log()))),
                        database);
    }

    Connection connect(String database) throws SQLException {
        var postmaster = postmaster();
        if (postmaster.isEmpty()) throw new SQLException("No server is running in " + data());
        var properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("password", password());
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", "30");
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/%s".formatted(postmaster.get().port(), database), properties);
    }

    private String password() {
        try {
            return Files.readString(folder.resolve("password")).strip();
        } catch (IOException e) {
            throw new EmbeddedPostgresException(
                    "The password of the embedded database cannot be read: %s".formatted(e), e);
        }
    }

    /// The port it had last, if that is still free, so that what the operator has set up goes on working.
    int freePort() throws IOException {
        try (var socket = new ServerSocket(lastPort(), 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            }
        }
    }

    /// 0 where there was none.
    private int lastPort() {
        try {
            int last = Integer.parseInt(Files.readString(folder.resolve("port")).strip());
            return last > 0 && last <= 0xffff ? last : 0;
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    private List<String> lastOfLog() throws IOException {
        var lines = Files.readAllLines(log(), StandardCharsets.UTF_8);
        return lines.subList(Math.max(0, lines.size() - 10), lines.size());
    }

    static void writeForOwner(Path file, String content) throws IOException {
        var arriving = file.resolveSibling(file.getFileName() + ".arriving");
        Files.deleteIfExists(arriving);
        Files.createFile(arriving, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(arriving, content);
        Files.move(arriving, file, StandardCopyOption.ATOMIC_MOVE);
    }

    static boolean within(Duration time, BooleanSupplier holds) {
        var end = Instant.now().plus(time);
        while (!holds.getAsBoolean()) {
            if (Instant.now().isAfter(end)) return false;
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
