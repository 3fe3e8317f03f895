package rocks.urvote.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// What else goes wrong in a night, each with the same proof at its end. The database here is one that nobody starts
/// again: it was left behind by a killed UrVote, and another one works on it as on an operator's own.
final class Scenarios {

    private static final int VOTERS = 32;
    private static final Duration IN_FLIGHT = Duration.ofSeconds(1);

    private final Path jar;
    private final Path folder;
    private final Random random;

    Scenarios(Path jar, Path folder, Random random) {
        this.jar = jar;
        this.folder = folder;
        this.random = random;
    }

    record Outcome(
            String name,
            Findings findings,
            Duration back,
            long receivedMeanwhile,
            long busy,
            long busyP99,
            long withoutRetryAfter,
            long readsGood,
            long readsBad,
            String note) {

        /// Nothing lost, nothing wrong, quick and polite refusals, reads that go on, and back in time.
        boolean good() {
            return findings.clean() && withoutRetryAfter == 0 && readsBad == 0 && back.toSeconds() < 5;
        }

        Outcome noted(String more) {
            return new Outcome(
                    name,
                    findings,
                    back,
                    receivedMeanwhile,
                    busy,
                    busyP99,
                    withoutRetryAfter,
                    readsGood,
                    readsBad,
                    note.isEmpty() ? more : note + "; " + more);
        }

        @Override
        public String toString() {
            return "%s: back after %d ms; meanwhile %d received, %d busy (p99 %d ms, %d without Retry-After), reads %d good %d bad; %s%s"
                    .formatted(
                            name,
                            back.toMillis(),
                            receivedMeanwhile,
                            busy,
                            busyP99,
                            withoutRetryAfter,
                            readsGood,
                            readsBad,
                            findings,
                            note.isEmpty() ? "" : "; " + note);
        }
    }

    /// Away, frozen and locked, one after the other on one database.
    List<Outcome> withAnOrphan(Duration howLong) {
        var outcomes = new ArrayList<Outcome>();
        var first = Node.in(folder.resolve("orphan"), jar, Map.of()).start();
        var tree = first.postgres();
        var url = first.databaseUrl();
        first.kill();
        var node = Node.in(
                folder.resolve("external"),
                jar,
                Map.of("URVOTE_DATABASE_URL", url, "URVOTE_POOL_MAX", "4", "URVOTE_POOL_IDLE", "1"));
        try (node) {
            node.start();
            var scene = Scene.set(url, random, 40, 13);
            outcomes.add(during("database away", node, scene, howLong, tree::kill, tree::startAgain));
            outcomes.add(during("database frozen", node, scene, howLong, tree::freeze, tree::thaw));
            var lock = new TableLock(scene);
            outcomes.add(during("pool exhausted by a lock", node, scene, howLong, lock::take, lock::release));
        } finally {
            tree.thaw();
            tree.kill();
        }
        return outcomes;
    }

    /// Two nodes of one database, the same voters at both at once.
    Outcome twoNodes(Duration howLong) {
        var first = Node.in(folder.resolve("two/first"), jar, Map.of());
        try (first;
                var journal = Journal.in(folder.resolve("two-nodes.journal"))) {
            first.start();
            var second = Node.in(folder.resolve("two/second"), jar, Map.of("URVOTE_DATABASE_URL", first.databaseUrl()));
            try (second) {
                second.start();
                var scene = Scene.set(first.databaseUrl(), random, 40, 30);
                var door = Door.of(first, second);
                scene.enough(40_000);
                int before = journal.acknowledgedSoFar();
                var load = Load.of(2 * VOTERS, scene, door, journal);
                Wait.pause(howLong);
                load.stop();
                long received = (long) journal.acknowledgedSoFar() - before;
                var findings = new Proof(scene, door, journal).now();
                long deadlocks = first.postgres().inLog("deadlock detected");
                return outcome(
                        "two nodes, same voters",
                        findings,
                        Duration.ZERO,
                        received,
                        journal,
                        new Reader(),
                        "%d refused, %d deadlocks, %d oddities"
                                .formatted(
                                        journal.refused(),
                                        deadlocks,
                                        journal.oddities().size()));
            }
        }
    }

    /// The volume of the database is full, and then no longer. It takes a mount, and so root.
    Outcome diskFull(Duration howLong) {
        var volume = folder.resolve("volume");
        if (!mounted(volume)) {
            throw new Skipped("no tmpfs can be mounted here: run as root with CAP_SYS_ADMIN");
        }
        var filler = volume.resolve("filler");
        var node = Node.in(
                folder.resolve("full"),
                jar,
                Map.of("URVOTE_DATA_DIR", volume.resolve("data").toString()));
        var tree = PostgresTree.in(volume.resolve("data/postgres/data"));
        try {
            node.start();
            var url = read(volume.resolve("data/database.url"));
            var scene = Scene.set(url, random, 40, 13);
            var outcome = during("disk full", node, scene, howLong, () -> fill(filler), () -> delete(filler));
            return outcome.noted("%d times PANIC in PostgreSQL's log".formatted(tree.inLog("PANIC")));
        } finally {
            delete(filler);
            node.close();
            tree.kill();
            run("umount", volume.toString());
        }
    }

    private Outcome during(String name, Node node, Scene scene, Duration howLong, Runnable begin, Runnable end) {
        try (var journal = Journal.in(folder.resolve(name.replace(' ', '-') + ".journal"))) {
            var door = Door.of(node);
            var proof = new Proof(scene, door, journal);
            scene.enough(20_000);
            Rounds.awaitVote(scene, door, journal);
            door.leaderboard(scene.contest());
            var load = Load.of(VOTERS, scene, door, journal);
            Wait.until("votes come in", Duration.ofMinutes(1), () -> journal.acknowledgedSoFar() > 50);
            begin.run();
            Wait.pause(IN_FLIGHT);
            int before = journal.acknowledgedSoFar();
            var reader = Reader.of(door, scene.contest());
            Wait.pause(howLong.minus(IN_FLIGHT));
            reader.stop();
            long received = (long) journal.acknowledgedSoFar() - before;
            long ended = System.nanoTime();
            end.run();
            Rounds.awaitVote(scene, door, journal);
            var back = Duration.ofNanos(System.nanoTime() - ended);
            load.stop();
            var findings = proof.now();
            var outcome = outcome(
                    name,
                    findings,
                    back,
                    received,
                    journal,
                    reader,
                    journal.oddities().stream()
                            .findFirst()
                            .map(first -> "%d oddities, the first: %s"
                                    .formatted(journal.oddities().size(), first))
                            .orElse(""));
            return outcome;
        }
    }

    private static Outcome outcome(
            String name, Findings findings, Duration back, long received, Journal journal, Reader reader, String note) {
        return new Outcome(
                name,
                findings,
                back,
                received,
                journal.busy(),
                journal.busyP99(),
                journal.busyWithoutRetryAfter(),
                reader.good,
                reader.bad,
                note);
    }

    /// Why a scenario could not be played here.
    static final class Skipped extends RuntimeException {

        private static final long serialVersionUID = 1;

        Skipped(String why) {
            super(why);
        }
    }

    private static boolean mounted(Path volume) {
        try {
            Files.createDirectories(volume);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return run("mount", "-t", "tmpfs", "-o", "size=600m", "tmpfs", volume.toString()) == 0;
    }

    private static int run(String... command) {
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(30, TimeUnit.SECONDS) ? process.exitValue() : -1;
        } catch (IOException e) {
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    /// Takes every byte that is left.
    private static void fill(Path filler) {
        try (var out = Files.newOutputStream(filler)) {
            var block = new byte[4096];
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            // That is what was wanted.
        }
    }

    private static void delete(Path filler) {
        try {
            Files.deleteIfExists(filler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Another session that keeps everybody from writing votes.
    private static final class TableLock {

        private final Scene scene;
        private java.sql.Connection db;

        TableLock(Scene scene) {
            this.scene = scene;
        }

        void take() {
            try {
                db = scene.connect();
                db.setAutoCommit(false);
                try (var statement = db.createStatement()) {
                    statement.execute("lock table contest.votes in exclusive mode");
                }
            } catch (SQLException e) {
                throw new IllegalStateException("The votes could not be locked", e);
            }
        }

        void release() {
            try {
                db.close();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /// Looks at the leaderboard all the time.
    private static final class Reader {

        private volatile boolean stopping;
        private volatile long good;
        private volatile long bad;
        private Thread thread = new Thread();

        static Reader of(Door door, long contest) {
            var reader = new Reader();
            reader.thread = Thread.ofVirtual().start(() -> reader.read(door, contest));
            return reader;
        }

        private void read(Door door, long contest) {
            long readGood = 0;
            long readBad = 0;
            while (!stopping) {
                var reply = door.leaderboard(contest);
                if (reply.status() == 200) {
                    good = ++readGood;
                } else {
                    bad = ++readBad;
                }
                Wait.pause(Duration.ofMillis(20));
            }
        }

        void stop() {
            stopping = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
