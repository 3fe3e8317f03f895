package rocks.urvote.operations;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A real PostgreSQL in the data folder, started by UrVote and stopped with it.
///
/// All it has lies in `<data>/postgres`: the programs (`bin-<version>`), the database (`data`), the superuser's
/// `password`, the `port` it had last, and `postgres.log`. Whoever serves it holds the lock on `<data>/urvote.lock`;
/// while it is served, `<data>/database.url` lets the machine's owner in.
///
/// It is started in a session of its own, so that a ctrl-C in the terminal reaches UrVote alone,
/// which first finishes its work and then stops the database. If UrVote is killed, the database stays;
/// the next start adopts it. If the database ends without being asked (killed, out of memory, no space for its
/// journal), it is started again on the same port, as often as it takes: nobody else would.
final class EmbeddedPostgres implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);

    private static final Map<String, String> DURABLE =
            Map.of("fsync", "on", "synchronous_commit", "on", "full_page_writes", "on");

    private static final Set<Path> SERVED = ConcurrentHashMap.newKeySet();

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final Path dataDir;
    private final Cluster cluster;
    private final PostgresBinaries binaries;
    private final PostgresUser user;
    private final FileChannel lock;
    private final Map<String, String> settings;
    private final String url;
    private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
    private final Thread watch;

    private EmbeddedPostgres(
            Path dataDir,
            Cluster cluster,
            PostgresBinaries binaries,
            PostgresUser user,
            FileChannel lock,
            Map<String, String> settings,
            String url,
            Cluster.Postmaster postmaster) {
        this.dataDir = dataDir;
        this.cluster = cluster;
        this.binaries = binaries;
        this.user = user;
        this.lock = lock;
        this.settings = settings;
        this.url = url;
        this.watch = Thread.ofPlatform().name("postgres-watch").daemon().unstarted(() -> keepRunning(postmaster));
    }

    /// Starts the database of a data folder, makes it first where there is none, or adopts the one
    /// that a killed UrVote left running.
    ///
    /// @param progress hears of every step that takes longer than a second
    /// @throws EmbeddedPostgresException if another UrVote serves this folder, or PostgreSQL does not come up
    static EmbeddedPostgres start(Path dataDir, Consumer<String> progress) {
        return start(dataDir, progress, DURABLE, folder -> PostgresBinaries.bundled(folder, progress));
    }

    static EmbeddedPostgres start(
            Path dataDir, Consumer<String> progress, Map<String, String> settings, Programs programs) {
        try {
            var folder = DataFolder.make(dataDir).toRealPath();
            var lock = lock(folder);
            try {
                return start(folder, progress, settings, programs, lock);
            } catch (IOException | RuntimeException e) {
                unlock(lock, folder);
                throw e;
            }
        } catch (AccessDeniedException e) {
            throw new EmbeddedPostgresException(
                    "%s is not open to the user %s: start UrVote as the user the folder %s belongs to, or set URVOTE_DATA_DIR to another one."
                            .formatted(e.getFile(), System.getProperty("user.name"), dataDir),
                    e);
        } catch (IOException e) {
            throw new EmbeddedPostgresException(
                    "The embedded database in %s cannot be started: %s".formatted(dataDir, e), e);
        }
    }

    private static EmbeddedPostgres start(
            Path dataDir, Consumer<String> progress, Map<String, String> settings, Programs programs, FileChannel lock)
            throws IOException {
        var cluster = new Cluster(dataDir.resolve("postgres"));
        Files.createDirectories(cluster.folder());
        var binaries = programs.in(cluster.folder());
        var user = PostgresUser.forFolder(cluster.folder(), binaries.program("postgres"));
        cluster.make(binaries, user, progress);
        if (!cluster.adopt(settings, binaries, progress)) {
            cluster.clear(binaries, user, progress);
            cluster.start(settings, cluster.freePort(), binaries, user, progress, () -> false);
            binaries.removeOlder();
        }
        try {
            cluster.createDatabase("urvote");
            var url = cluster.url("urvote");
            Cluster.writeForOwner(dataDir.resolve("database.url"), url);
            var postmaster = cluster.postmaster()
                    .orElseThrow(() -> new EmbeddedPostgresException(
                            "PostgreSQL ended as soon as it was started; see %s".formatted(cluster.log())));
            var postgres = new EmbeddedPostgres(dataDir, cluster, binaries, user, lock, settings, url, postmaster);
            postgres.watch.start();
            return postgres;
        } catch (IOException | RuntimeException e) {
            cluster.stop(binaries, user);
            throw e;
        }
    }

    /// The superuser's URL of a folder's embedded database while it runs and takes connections,
    /// for commands beside a running server. Takes no lock, starts and stops nothing.
    static Optional<String> running(Path dataDir) {
        var cluster = new Cluster(dataDir.toAbsolutePath().normalize().resolve("postgres"));
        if (cluster.postmaster().isEmpty()) return Optional.empty();
        try (var _ = cluster.connect("urvote")) {
            return Optional.of(cluster.url("urvote"));
        } catch (SQLException e) {
            return Optional.empty();
        }
    }

    /// `postgresql://postgres:<password>@127.0.0.1:<port>/urvote`
    String url() {
        return url;
    }

    /// Until it is closed: waits for the server's end, and starts it again.
    private void keepRunning(Cluster.Postmaster first) {
        var running = Optional.of(first);
        while (running.isPresent()) {
            var watched = running.get();
            if (!endedUnasked(watched)) return;
            log.error(
                    "PostgreSQL (process {}) ended without being asked: starting it again; {} may say why.",
                    watched.pid(),
                    cluster.log());
            running = startAgain(watched.port());
        }
    }

    private boolean endedUnasked(Cluster.Postmaster watched) {
        ProcessHandle.of(watched.pid())
                .ifPresent(process ->
                        CompletableFuture.anyOf(process.onExit(), closed).join());
        return !closed.isDone();
    }

    /// The server, unless this was closed meanwhile. Whoever uses the database knows it by its port, so no other will
    /// do.
    private Optional<Cluster.Postmaster> startAgain(int port) {
        var pause = FIRST_PAUSE;
        while (!closed.isDone()) {
            try {
                cluster.clear(binaries, user, log::warn);
                cluster.start(settings, port, binaries, user, log::info, closed::isDone);
                var postmaster = cluster.postmaster();
                if (postmaster.isPresent()) {
                    log.warn("PostgreSQL is back on port {}.", port);
                    return postmaster;
                }
            } catch (IOException | RuntimeException e) {
                if (closed.isDone()) break;
                log.error(
                        "PostgreSQL could not be started again, the next try is in {} ms: {}",
                        pause.toMillis(),
                        e.getMessage());
            }
            Cluster.within(pause, closed::isDone);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
        return Optional.empty();
    }

    /// Stops the database once its last transactions are cut off, and waits for its end. Whoever uses it stops before.
    @Override
    public void close() {
        if (!lock.isOpen()) return;
        try {
            closed.complete(null);
            join(watch);
            cluster.stop(binaries, user);
            Files.deleteIfExists(dataDir.resolve("database.url"));
            unlock(lock, dataDir);
        } catch (IOException e) {
            throw new EmbeddedPostgresException(
                    "The embedded database in %s was not stopped as it should: %s".formatted(dataDir, e), e);
        }
    }

    /// Where PostgreSQL's programs come from.
    interface Programs {

        PostgresBinaries in(Path folder) throws IOException;
    }

    /// The system forgets a process's lock as soon as that process closes the file anywhere,
    /// so a folder this process serves is known here and its lock file is not opened again.
    private static FileChannel lock(Path dataDir) throws IOException {
        if (!SERVED.add(dataDir)) throw servedBy(" (this process)", dataDir);
        var file = dataDir.resolve("urvote.lock");
        try {
            var channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                var holder = Files.readString(file);
                throw servedBy(holder.isBlank() ? "" : " (process " + holder + ")", dataDir);
            }
            if (PostgresUser.isRoot()) Files.setOwner(file, Files.getOwner(dataDir));
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return channel;
        } catch (IOException | RuntimeException e) {
            SERVED.remove(dataDir);
            throw e;
        }
    }

    private static void unlock(FileChannel lock, Path dataDir) throws IOException {
        lock.close();
        SERVED.remove(dataDir);
    }

    private static EmbeddedPostgresException servedBy(String whom, Path dataDir) {
        return new EmbeddedPostgresException(
                "Another UrVote%s already serves %s: stop it first, or set URVOTE_DATA_DIR to another folder."
                        .formatted(whom, dataDir));
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
