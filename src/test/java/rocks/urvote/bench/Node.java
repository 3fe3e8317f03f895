package rocks.urvote.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import rocks.urvote.testkit.Ports;

/// One UrVote from the jar, in a process of its own, with a data folder of its own. It is started and killed as often
/// as one likes; each start takes other ports, because after a kill the old ones may be in use by whoever was calling.
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
    private String processors = "";

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

    /// One more, of another build, on the same database.
    Node another(Path itsFolder, Path itsJar, Map<String, String> itsSettings) {
        var its = new HashMap<>(itsSettings);
        its.put("URVOTE_DATABASE_URL", databaseUrl());
        return new Node(itsJar.toAbsolutePath(), itsFolder.toAbsolutePath(), its, memory);
    }

    /// A command of another build on the same database, to its end; what it said.
    String command(Path itsJar, String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(java(), "-jar", itsJar.toString()));
        command.addAll(List.of(words));
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("URVOTE_"));
        builder.environment().put("URVOTE_DATABASE_URL", databaseUrl());
        var process = builder.start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("%s failed: %s".formatted(List.of(words), said));
        }
        return said;
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /// The same on these processors only, as `taskset` lists them, its database too.
    Node onProcessors(String list) {
        processors = list;
        return this;
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
            address = URI.create(
                    "http://127.0.0.1:" + settings.getOrDefault("URVOTE_PORT", Integer.toString(Ports.free())));
            management = URI.create("http://127.0.0.1:" + Ports.free());
            var command = new ArrayList<String>();
            if (!processors.isEmpty()) {
                command.addAll(List.of("taskset", "-c", processors));
            }
            command.addAll(List.of(
                    java(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-XX:+UseG1GC",
                    memory,
                    "-jar",
                    jar.toString(),
                    "serve"));
            var builder = new ProcessBuilder(command)
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

    private static void await(Process process) {
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
    }

    /// As an operator would, its embedded database with it.
    void stop() {
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
