package rocks.urvote.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;

/// Random reads and writes as the application, under random identities, missing ones and several in one transaction,
/// with errors and rollbacks in between, on the application's own pool: nobody ever meets a row that is not for them,
/// and nobody misses one of theirs.
///
/// `-Durvote.attacks=1000000` makes it a million; `-Durvote.seed=` repeats a run that failed.
class ForeignRowsIT {

    private static final int THREADS = 4;

    static RunningUrVote urvote;
    static Stage superuser;
    static AttackStage stage;

    @BeforeAll
    static void aDatabaseWithEverything() {
        urvote = RunningUrVote.start();
        superuser = new Stage(urvote);
        stage = new AttackStage(superuser.database());
    }

    @AfterAll
    static void stop() {
        urvote.close();
    }

    @Test
    void nobodyMeetsAForeignRow(TestReporter report) throws Exception {
        long attacks = Long.getLong("urvote.attacks", 20_000);
        long seed = Long.getLong("urvote.seed", System.nanoTime());
        var done = new ConcurrentSkipListMap<String, AtomicLong>();
        var oracle = new Oracle(stage);
        var random = new SplittableRandom(seed);
        long begun = System.nanoTime();
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            var attackers = IntStream.range(0, THREADS)
                    .mapToObj(_ -> new Attacker(urvote.bean(DataSource.class), oracle, stage, random.split(), done))
                    .<Future<?>>map(attacker -> threads.submit(() -> {
                        attacker.attack(attacks / THREADS);
                        return attacker;
                    }))
                    .toList();
            for (var attacker : attackers) {
                attacker.get();
            }
        } catch (ExecutionException e) {
            fail("With -Durvote.seed=%d: %s".formatted(seed, e.getCause()), e.getCause());
        }
        report.publishEntry(
                "attacks",
                "%d with seed %d in %.1f s: %s".formatted(attacks, seed, (System.nanoTime() - begun) / 1e9, done));
        assertThat(done).containsKeys("read all", "change", "enter", "refused", "cursor", "cast", "remove");
        assertThat(stage.changed(superuser.database())).isEmpty();
    }

    /// A check that cannot fail would find nothing: with one policy wider than the rules say, it does.
    @Test
    void wouldBeNoticed() throws SQLException {
        try (var connection = superuser.connection()) {
            run(
                    connection,
                    "create policy too_wide on contest.songs for select using (contest.acting_role() = 'user')");
            try {
                var attacker = new Attacker(
                        urvote.bean(DataSource.class),
                        new Oracle(stage),
                        stage,
                        new SplittableRandom(7),
                        new ConcurrentHashMap<>());
                assertThat(caught(attacker))
                        .contains("of contest.songs as Identity[role=user")
                        .contains("foreign [");
            } finally {
                run(connection, "drop policy too_wide on contest.songs");
            }
        }
    }

    private static String caught(Attacker attacker) throws SQLException {
        try {
            attacker.attack(20_000);
            return "";
        } catch (Attacker.Caught e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
