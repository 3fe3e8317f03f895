package rocks.urvote.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import rocks.urvote.operations.ChoreBook.Outcome;
import rocks.urvote.operations.ChoreBook.Run;
import rocks.urvote.testkit.Api;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;

class ChoresIT {

    private static RunningUrVote urvote;
    private static Stage stage;
    private static Chores chores;
    private static ChoreLog book;

    private String output = "";

    @BeforeAll
    static void start() {
        urvote = RunningUrVote.start(Map.of("URVOTE_BACKUP_HOUR", "3"));
        stage = new Stage(urvote);
        chores = urvote.bean(Chores.class);
        book = urvote.bean(ChoreLog.class);
    }

    @AfterAll
    static void stop() {
        urvote.close();
    }

    @Test
    void leavesAChoreToTheNodeThatIsAtIt() throws Exception {
        var atIt = new CountDownLatch(1);
        var enough = new CountDownLatch(1);
        var done = new AtomicInteger();
        var busy = Thread.ofVirtual()
                .start(() -> run(new Trial("slow", () -> {
                    done.incrementAndGet();
                    atIt.countDown();
                    enough.await();
                    return "Done.";
                })));
        atIt.await();

        assertThat(run(new Trial("slow", () -> "Not meanwhile."))).isEmpty();

        enough.countDown();
        await().until(() -> !busy.isAlive());
        assertThat(run(new Trial("slow", () -> "Again."))).isPresent();
        assertThat(done).hasValue(1);
    }

    /// By such a run of another node a chore would be due since this one started.
    @Test
    void neverSeesARunThatBeginsLater() {
        var often = new Trial("again and again", () -> "Done.");
        var enough = new AtomicBoolean();
        var other = Thread.startVirtualThread(() -> {
            while (!enough.get()) {
                book.end(often, book.begin(often, "another node"), Outcome.DONE, "Done.");
            }
        });

        var seen = Stream.generate(() -> book.standing(often)).limit(300).toList();

        enough.set(true);
        await().until(() -> !other.isAlive());
        assertThat(seen)
                .allSatisfy(standing -> assertThat(standing.last().stream())
                        .allSatisfy(run -> assertThat(run.startedAt()).isBeforeOrEqualTo(standing.now())));
    }

    @Test
    void writesDownWhenAndWhereItRanAndWhatItDid() {
        var run = run(new Trial("counting", () -> "7 things counted.")).orElseThrow();

        assertThat(run.outcome()).isEqualTo(Outcome.DONE);
        assertThat(run.note()).isEqualTo("7 things counted.");
        assertThat(run.node()).endsWith(":" + urvote.address().getPort());
        assertThat(run.took()).isPresent();
    }

    @Test
    void writesDownWhyOneFailedAndTriesItAgain() throws SQLException {
        var broken = new Trial("breaking", () -> {
            throw new IllegalStateException("No paper left");
        });

        run(broken);
        var run = run(broken).orElseThrow();

        assertThat(run.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(run.note()).isEqualTo("IllegalStateException: No paper left");
        assertThat(book.standing(broken).failures()).isEqualTo(2);
        assertThat(chores.isDue(broken)).isFalse();
        later("breaking", Duration.ofMinutes(2));
        assertThat(chores.isDue(broken)).isTrue();
        assertThat(chores.doUnlessAnotherNodeDoes(new Trial("breaking", () -> "Paper is here."), true))
                .isPresent();
        assertThat(book.standing(broken).failures()).isZero();
    }

    @Test
    void doesWhatIsDueOnce() throws SQLException {
        var daily = new Trial("once", () -> "Done.");

        assertThat(chores.doUnlessAnotherNodeDoes(daily, true)).isPresent();
        assertThat(chores.doUnlessAnotherNodeDoes(daily, true)).isEmpty();

        later("once", Duration.ofDays(5));
        assertThat(chores.doUnlessAnotherNodeDoes(daily, true)).isPresent();
        assertThat(chores.doUnlessAnotherNodeDoes(daily, true)).isEmpty();
    }

    /// The lock is free, so whoever began the run is no more.
    @Test
    void seesThatANodeEndedInTheMiddleOfIt() {
        var torn = new Trial("torn", () -> "Mended.");
        book.begin(torn, "a node that was killed");

        run(torn);

        assertThat(book.runs(List.of(torn), 10).get("torn"))
                .extracting(Run::outcome)
                .containsExactly(Outcome.DONE, Outcome.BROKEN_OFF);
    }

    @Test
    void keepsTheNewestRunsAndTheLastThatCameToItsEnd() {
        run(new Trial("often", () -> "The last success."));
        var failing = new Trial("often", () -> {
            throw new IllegalStateException("not today");
        });
        for (int n = 0; n < 110; n++) {
            book.end(failing, book.begin(failing, "here"), Outcome.FAILED, "not today");
        }

        assertThat(stage.database()
                        .sql("select count(*) from contest.chore_runs where chore = 'often'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(101);
        assertThat(book.standing(failing).failures()).isEqualTo(100);
        assertThat(book.standing(failing).done().orElseThrow().note()).isEqualTo("The last success.");
    }

    @Test
    void doesAllByItselfOnceItServes() {
        await().untilAsserted(() -> assertThat(chores.entries())
                .filteredOn(entry -> !entry.schedule().startsWith("every day at"))
                .isNotEmpty()
                .allSatisfy(
                        entry -> assertThat(entry.lastDone()).as(entry.chore()).isPresent()));
        assertThat(chores.entries()).extracting(ChoreBook.Entry::chore).contains("daily backup", "vote partitions");
    }

    @Test
    void showsAdminsTheChoresAndRunsOneNow() {
        var admin = Api.admin(urvote, "chore-admin");
        var before = count("old vote answers");

        assertThat(admin.page("/admin/chores").text()).contains("old vote answers", "every hour", "daily backup");
        assertThat(admin.form("/admin/chores", Map.of("chore", "old vote answers"))
                        .status())
                .isEqualTo(303);

        await().until(() -> count("old vote answers") == before + 1);
        assertThat(stage.database()
                        .sql("select actor_id || ' ' || detail::text from contest.audit_log where fact = 'ChoreAsked'")
                        .query(String.class)
                        .single())
                .startsWith(admin.user() + " ")
                .contains("\"chore\": \"old vote answers\"");
        assertThat(admin.form("/admin/chores", Map.of("chore", "no such chore")).status())
                .isEqualTo(422);
        assertThat(stage.owner().page("/admin/chores").status()).isEqualTo(403);
    }

    @Test
    void tellsPrometheusHowEachStands() {
        await().untilAsserted(() -> assertThat(
                        Api.visitor(urvote).atManagement(urvote).get("/metrics").text())
                .contains("urvote_chore_last_success_timestamp_seconds{chore=\"vote partitions\"} 1.")
                .contains("urvote_chore_last_duration_seconds{chore=\"vote partitions\"}")
                .contains("urvote_chore_failures{chore=\"vote partitions\"} 0.0")
                .contains("urvote_chore_overdue_seconds{chore=\"daily backup\"} 0.0"));
    }

    @Test
    void saysAtTheShellWhatItWouldDoAndDoesIt() throws SQLException {
        assertThat(maintain()).as(output).isZero();
        assertThat(output).contains("vote partitions", "every day", "last done", "Nothing was done.");

        // So that the node which serves leaves it alone meanwhile.
        var lock = ChoreLock.take(urvote.bean(JdbcConnectionDetails.class), "old vote answers");
        try (var _ = lock.orElseThrow()) {
            later("old vote answers", Duration.ofDays(2));
            var before = count("old vote answers");
            assertThat(maintain()).as(output).isZero();
            assertThat(output).containsPattern("due +old vote answers");
            assertThat(count("old vote answers")).isEqualTo(before);
        }

        assertThat(maintain("--all", "--yes")).as(output).isZero();
        assertThat(output).containsPattern("ok +old vote answers +[0-9]+ answers to an Idempotency-Key are gone.");
        assertThat(stage.database()
                        .sql("select node from contest.chore_runs where chore = 'old vote answers' order by id desc"
                                + " limit 1")
                        .query(String.class)
                        .single())
                .endsWith(", urvote maintain");
    }

    /// A session lives on at the server for a moment after it was closed here.
    @Test
    void whoeverIsDoneLeavesTheChoreToTheNextAtOnce() throws SQLException {
        var database = urvote.bean(JdbcConnectionDetails.class);
        try (var next = stage.connection();
                var asking = next.prepareStatement(
                        "select pg_try_advisory_xact_lock(hashtextextended('urvote chore nobody''s', 0))")) {
            for (int n = 0; n < 100; n++) {
                ChoreLock.take(database, "nobody's").orElseThrow().close();

                try (var free = asking.executeQuery()) {
                    free.next();
                    assertThat(free.getBoolean(1)).as("the %dth time", n).isTrue();
                }
            }
        }
    }

    private static Optional<Run> run(Chore chore) {
        try {
            return chores.doUnlessAnotherNodeDoes(chore, false);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int count(String chore) {
        return stage.database()
                .sql("select count(*) from contest.chore_runs where chore = :chore and outcome = 'done'")
                .param("chore", chore)
                .query(Integer.class)
                .single();
    }

    /// As if that much time had passed since its runs.
    private static void later(String chore, Duration passed) {
        stage.database()
                .sql("""
                    update contest.chore_runs
                       set started_at = started_at - make_interval(secs => :seconds),
                           ended_at = ended_at - make_interval(secs => :seconds)
                     where chore = :chore
                    """)
                .param("chore", chore)
                .param("seconds", passed.toSeconds())
                .update();
    }

    private int maintain(String... options) {
        var out = new StringWriter();
        var printer = new PrintWriter(out, true);
        try {
            var arguments = new ArrayList<>(List.of("maintain"));
            arguments.addAll(List.of(options));
            return Program.run(
                    Class.forName("rocks.urvote.UrVote"),
                    Map.of(
                            "URVOTE_DATABASE_URL", urvote.databaseUrl(),
                            "URVOTE_DATA_DIR", urvote.dataDir().toString(),
                            "URVOTE_BACKUP_HOUR", "never"),
                    urvote.dataDir(),
                    printer,
                    printer,
                    arguments.toArray(String[]::new));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("The program is rocks.urvote.UrVote", e);
        } finally {
            output = out.toString();
        }
    }

    private interface Work {

        String run() throws Exception;
    }

    private record Trial(String name, Work work) implements Chore {

        @Override
        public Schedule schedule() {
            return Schedule.every(Duration.ofDays(1));
        }

        @Override
        public String run() throws Exception {
            return work.run();
        }
    }
}
