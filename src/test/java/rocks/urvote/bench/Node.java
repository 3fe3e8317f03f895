package rocks.urvote.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One UrVote from the jar, in a process of its own, with a data folder of its own. It is started and killed as often
/// as
/// one likes; each start takes other ports, because after a kill the old ones may be in use by whoever was calling.
final class Node implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(3);

    private final Path jar;
    private final Path folder;
    private final Map<String, String> settings;
    private final String memory;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private Process process;
    private volatile URI address;
    private URI management;

    private Node(Path jar, Path folder, Map<String, String> settings, String memory) {
        this.jar = jar;
        this.folder = folder;
        this.settings = settings;
        this.memory = memory;
        Runtime.getRuntime().addShutdownHook(new Thread(this::leaveNothing, "leave nothing"));
    }

    /// However the harness ends, nothing of it stays.
    void leaveNothing() {
        if (process != null) {
            process.destroyForcibly();
            postgres().kill();
        }
    }

    /// Serves once it is started; its database is the embedded one unless the settings name another.
    static Node in(Path folder, Path jar, Map<String, String> settings) {
        return new Node(jar.toAbsolutePath(), folder.toAbsolutePath(), settings, "-Xmx512m");
    }

    /// One more of the same build on the same database.
    Node another(Path itsFolder) {
        var its = new HashMap<>(settings);
        its.put("URVOTE_DATABASE_URL", databaseUrl());
        return new Node(jar, itsFolder.toAbsolutePath(), its, memory);
    }

    /// The same with as much memory as `./urvote serve` gives it.
    Node withUsualMemory() {
        return new Node(jar, folder, settings, "-XX:MaxRAMPercentage=50");
    }

    long pid() {
        return process.pid();
    }

    Node start() {
        try {
            Files.createDirectories(folder);
            address = URI.create("http://127.0.0.1:" + freePort());
            management = URI.create("http://127.0.0.1:" + freePort());
            var builder = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            memory,
                            "-jar",
                            jar.toString(),
                            "serve"))
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.appendTo(output().toFile()));
            builder.environment().keySet().removeIf(name -> name.startsWith("URVOTE_"));
            builder.environment().putAll(all());
            process = builder.start();
            Wait.until("UrVote is ready, see " + output(), START, () -> {
                if (!process.isAlive()) {
                    throw new IllegalStateException("UrVote did not start, see " + output());
                }
                return ready();
            });
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> all() {
        var all = new HashMap<>(Map.of(
                "URVOTE_PORT", Integer.toString(address.getPort()),
                "URVOTE_MANAGEMENT_PORT", Integer.toString(management.getPort()),
                "URVOTE_DATA_DIR", data().toString(),
                "URVOTE_MODE", "production",
                "URVOTE_POOL_IDLE", "2",
                "URVOTE_POOL_MAX", "20",
                "URVOTE_VOTES_PER_VOTER", "1000000",
                "URVOTE_VOTES_PER_ADDRESS", "1000000",
                "URVOTE_BACKUP_HOUR", "never"));
        all.putAll(settings);
        return all;
    }

    /// Where it answers now.
    URI address() {
        return address;
    }

    Path data() {
        return folder.resolve("data");
    }

    Path output() {
        return folder.resolve("urvote.out");
    }

    /// The embedded database's superuser URL.
    String databaseUrl() {
        try {
            return Files.readString(data().resolve("database.url")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The embedded database's processes.
    PostgresTree postgres() {
        return PostgresTree.in(data().resolve("postgres/data"));
    }

    /// As the machine would: at once, and the database stays.
    void kill() {
        process.destroyForcibly();
        await(process);
    }

    void restart() {
        kill();
        start();
    }

    private boolean ready() {
        try {
            return http.send(
                                    HttpRequest.newBuilder(management.resolve("/health/ready"))
                                            .timeout(Duration.ofSeconds(5))
                                            .build(),
                                    BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (ConnectException e) {
            return false;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while UrVote started", e);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void await(Process process) {
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Stops it as an operator would, its embedded database with it.
    @Override
    public void close() {
        if (process == null) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(90, java.util.concurrent.TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            kill();
        }
        postgres().kill();
    }
}
