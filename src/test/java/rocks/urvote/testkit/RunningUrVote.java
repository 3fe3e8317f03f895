package rocks.urvote.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.util.FileSystemUtils;
import rocks.urvote.operations.Program;

/// The whole of UrVote in this JVM, on free ports, a data folder of its own and, unless told otherwise, a database of
/// its own.
public final class RunningUrVote implements AutoCloseable {

    private static final Object STARTING = new Object();

    private final Path dataDir;
    private final String databaseUrl;
    private final Program.Running running;

    private RunningUrVote(Path dataDir, String databaseUrl, Program.Running running) {
        this.dataDir = dataDir;
        this.databaseUrl = databaseUrl;
        this.running = running;
    }

    /// On an empty database.
    public static RunningUrVote start() {
        return start(Map.of());
    }

    /// With settings by their names in the environment; what is not given is as small as tests like it.
    public static RunningUrVote start(Map<String, String> settings) {
        try {
            return start(Class.forName("rocks.urvote.UrVote"), settings);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("The program is rocks.urvote.UrVote", e);
        }
    }

    /// The same with beans of a test's own beside those of UrVote.
    public static RunningUrVote start(Class<?> application, Map<String, String> settings) {
        try {
            var dataDir = Files.createTempDirectory("urvote");
            var all = new HashMap<>(Map.of(
                    "URVOTE_PORT", "0",
                    "URVOTE_MANAGEMENT_PORT", "0",
                    "URVOTE_DATA_DIR", dataDir.toString(),
                    "URVOTE_MODE", "production",
                    "URVOTE_POOL_IDLE", "1",
                    "URVOTE_POOL_MAX", "10",
                    "URVOTE_BACKUP_HOUR", "never"));
            all.putAll(settings);
            var databaseUrl = all.computeIfAbsent("URVOTE_DATABASE_URL", _ -> TestPostgres.freshDatabase());
            // Logging is set up once more by each start, for the whole JVM: two at once would break it.
            synchronized (STARTING) {
                return new RunningUrVote(dataDir, databaseUrl, Program.serve(application, all, dataDir));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// `http://localhost:<port>`
    public URI address() {
        return running.address();
    }

    /// `http://127.0.0.1:<port>`
    public URI management() {
        return running.management();
    }

    /// The database's, for its superuser.
    public String databaseUrl() {
        return databaseUrl;
    }

    public Path dataDir() {
        return dataDir;
    }

    public <T> T bean(Class<T> type) {
        return running.context().getBean(type);
    }

    public <T> List<T> beans(Class<T> type) {
        return running.context().getBeanProvider(type).orderedStream().toList();
    }

    @Override
    public void close() {
        running.close();
        try {
            FileSystemUtils.deleteRecursively(dataDir);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
