package rocks.urvote.operations.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.jdbc.core.simple.JdbcClient;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.operations.Premises;
import rocks.urvote.operations.Program;
import rocks.urvote.testkit.Api;
import rocks.urvote.testkit.CountingPostgres;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;

/// What the application sees of its database, and what `urvote sizes` says of it as its owner.
@ResourceLock(CountingPostgres.LOCK)
class SizesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    static RunningUrVote urvote;
    static Stage stage;
    static JdbcClient superuser;

    private final StringWriter out = new StringWriter();

    @TempDir
    Path here;

    @BeforeAll
    static void start() {
        urvote = RunningUrVote.start(Map.of("URVOTE_DATABASE_URL", CountingPostgres.freshDatabase()));
        stage = new Stage(urvote);
        superuser = stage.database();
        var contest = stage.contest();
        var first = stage.song(contest, "First");
        var second = stage.song(contest, "Second");
        for (int i = 0; i < 10; i++) {
            var voter = stage.voter();
            voter.post("/api/v1/songs/%d/votes".formatted(first.value()), "{}");
            voter.post("/api/v1/songs/%d/votes".formatted(second.value()), "{}");
        }
        for (var table : new String[] {"contest.votes", "contest.ballots", "contest.songs", "identity.users"}) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                superuser.sql("analyze " + table).update();
                assertThat(table(table).rows())
                        .isEqualTo(superuser
                                .sql("select count(*) from " + table)
                                .query(Long.class)
                                .single());
            });
        }
    }

    @AfterAll
    static void stop() {
        urvote.close();
    }

    @BeforeEach
    void nothingIsRemembered() {
        for (var schema : new String[] {"identity", "media", "contest"}) {
            superuser.sql("truncate %s.size_samples".formatted(schema)).update();
        }
    }

    @Test
    void addsUpWhatBelongsToATable() {
        var votes = table("contest.votes");

        assertThat(votes.rows()).isEqualTo(20);
        assertThat(votes.partitions()).isGreaterThanOrEqualTo(5);
        assertThat(votes.bytes()).isEqualTo(superuser.sql("""
            select sum(pg_total_relation_size(relid))::bigint from pg_partition_tree('contest.votes')
            """).query(Long.class).single());
        assertThat(sizes().months())
                .filteredOn(month -> month.table().equals("votes"))
                .hasSize(votes.partitions());
    }

    @Test
    void measuresGrowthFromWhatIsRememberedOnceADay() {
        sample();
        sample();

        assertThat(superuser
                        .sql("select count(*) from contest.size_samples where name = 'votes'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
        assertThat(sizes().bytesADay()).isEmpty();
        remembered("contest.votes", 100_000_000, "30 days");
        remembered("contest.votes", 10_000_000, "7 days");
        var votes = table("contest.votes");
        assertThat(votes.bytesADay()).isCloseTo((votes.bytes() - 10_000_000) / 7, within(1000L));
        assertThat(sizes().bytesADay().orElseThrow()).isNegative();
    }

    @Test
    void saysInHowManyDaysTheDiskIsFull() {
        var volumes = Volume.of(
                new Premises(
                        premises().login(),
                        true,
                        here,
                        premises().backups(),
                        premises().replica()),
                OptionalLong.of(1 << 20),
                OptionalLong.of(1 << 20));

        assertThat(volumes).anySatisfy(volume -> {
            assertThat(volume.holds()).contains("database");
            assertThat(volume.fullInDays().orElseThrow())
                    .isEqualTo(volume.free() / (volume.holds().contains("uploads") ? 2 << 20 : 1 << 20));
        });
        assertThat(Volume.of(premises(), OptionalLong.empty(), OptionalLong.empty()))
                .allSatisfy(volume -> assertThat(volume.fullInDays()).isEmpty());
    }

    @Test
    void comparesWhatWasPlannedWithWhatIs() {
        var sizes = sizes();
        long people = table(sizes, "identity.users").rows();
        var estimates = sizes.estimates();

        assertThat(estimates)
                .extracting(Sizes.Estimate::what, Sizes.Estimate::rows, Sizes.Estimate::plannedBytes)
                .containsExactly(
                        tuple("users", people, people * 1_000),
                        tuple("songs and their files", 2L, 4_000L),
                        tuple("votes and their ballots", 20L, 10_000L));
        assertThat(estimates.getLast().bytes())
                .isEqualTo(table(sizes, "contest.votes").bytes()
                        + table(sizes, "contest.ballots").bytes());
    }

    @Test
    void namesIndexesThatNobodyUses() {
        superuser.sql("create index idle_index on contest.clients (tagline)").update();
        try {
            assertThat(sizes().unused())
                    .extracting(Sizes.UnusedIndex::name)
                    .contains("idle_index")
                    .doesNotContain("clients_pkey");

            try (var connection = stage.connection();
                    var statement = connection.createStatement()) {
                statement.execute("set enable_seqscan = off; select * from contest.clients where tagline = 'x'");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(sizes().unused())
                            .extracting(Sizes.UnusedIndex::name)
                            .doesNotContain("idle_index"));
        } finally {
            superuser.sql("drop index contest.idle_index").update();
        }
    }

    @Test
    void countsStatementsByWhereTheyComeFrom() {
        var statements = Statements.of(urvote.bean(JdbcClient.class), premises().login(), 1000);

        assertThat(statements).isInstanceOfSatisfying(Statements.Counted.class, counted -> {
            assertThat(counted.statements())
                    .filteredOn(statement -> statement.origin().equals("votes.BallotBatch.cast"))
                    .singleElement()
                    .satisfies(cast -> {
                        assertThat(cast.calls()).isBetween(1L, 20L);
                        assertThat(cast.text()).startsWith("with asked as");
                    });
            assertThat(counted.statements())
                    .extracting(Statements.Statement::origin)
                    .contains("kernel.SqlTransactions.become", "operations.ChoreLog.begin", "votes.VoteIds.draw")
                    .anyMatch(origin -> origin.startsWith("identity."));
        });
    }

    @Test
    void seesWhoWaitsForWhomAndTellsTheRestLater() throws Exception {
        try (var holder = stage.connection();
                var waiter = stage.connection();
                var statement = holder.createStatement()) {
            int holding = process(holder);
            int waiting = process(waiter);
            holder.setAutoCommit(false);
            statement.execute("lock table contest.songs in access exclusive mode");
            var done = CompletableFuture.runAsync(() -> read(waiter), Thread::startVirtualThread);

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(activity().waiting())
                            .singleElement()
                            .satisfies(one -> {
                                assertThat(one.process()).isEqualTo(waiting);
                                assertThat(one.behind()).containsExactly(holding);
                                assertThat(one.waits()).isPositive();
                            }));

            assertThat(command("sizes")).as(out.toString()).isZero();
            assertThat(out.toString())
                    .contains(
                            "cannot be measured while somebody has locked one",
                            "waits ",
                            "for [%d]".formatted(holding));
            var page = Api.admin(urvote, Stage.unique("admin")).page("/admin/database");
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.text())
                    .contains("cannot be measured while somebody has locked one", Integer.toString(waiting));
            holder.rollback();
            done.join();
            assertThat(activity().waiting()).isEmpty();
        }
    }

    @Test
    void aTransactionYoungerThanTheLookHasAnAgeToo() {
        var age = urvote.bean(Transactions.class).as(Acting.CHORE, () -> {
            try (var younger = urvote.bean(DataSource.class).getConnection();
                    var statement = younger.createStatement()) {
                younger.setAutoCommit(false);
                statement.execute("select pg_sleep(0.01)");
                return measurements().activity().longestTransaction();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });

        assertThat(age).isPositive();
    }

    @Test
    void saysAllOfItAtTheShell() throws ClassNotFoundException {
        remembered("contest.votes", 0, "7 days");

        int code = command("sizes", "--statements", "50");

        assertThat(code).as(out.toString()).isZero();
        assertThat(out.toString())
                .contains(
                        "PostgreSQL 18",
                        "a day",
                        "disk of ",
                        "contest.votes ",
                        "contest.votes_20",
                        "users ",
                        "planned/row",
                        "indexes that no statement has used",
                        "votes.BallotBatch.cast",
                        "connections: ",
                        "backups: none yet in ");
    }

    @Test
    void saysInOneScreenWhatToDoNext() throws ClassNotFoundException {
        superuser.sql("""
            insert into contest.event_publication (id, listener_id, event_type, serialized_event, publication_date)
            values (gen_random_uuid(), 'a listener of an older release', 'a fact', '{}', now() - interval '1 hour')
            """).update();
        try {
            int code = command("check");

            assertThat(code).as(out.toString()).isZero();
            assertThat(out.toString().lines())
                    .hasSizeBetween(15, 30)
                    .allMatch(line -> line.startsWith("ok   ") || line.startsWith("warn "))
                    .anyMatch(line -> line.startsWith("ok   size: the database takes "))
                    .anyMatch(line -> line.startsWith("ok   sessions: "))
                    .anyMatch(line -> line.startsWith("ok   vacuum: "))
                    .anyMatch(line ->
                            line.startsWith("warn outbox: facts wait for more than five minutes (1 in contest)"));
        } finally {
            superuser.sql("delete from contest.event_publication").update();
        }
    }

    private int command(String... arguments) throws ClassNotFoundException {
        var environment = Map.of(
                "URVOTE_DATABASE_URL",
                urvote.databaseUrl(),
                "URVOTE_DATA_DIR",
                here.resolve("data").toString());
        return Program.run(
                Class.forName("rocks.urvote.UrVote"),
                environment,
                here,
                new PrintWriter(out, true),
                new PrintWriter(out, true),
                arguments);
    }

    private static void read(Connection connection) {
        try (var statement = connection.createStatement()) {
            statement.execute("select count(*) from contest.songs");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int process(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("select pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void remembered(String table, long bytes, String ago) {
        var parts = table.split("\\.", -1);
        superuser
                .sql("""
                    insert into %s.size_samples (name, day, measured_at, rows, table_bytes, index_bytes)
                    values (:name, (now() - :ago::interval)::date, now() - :ago::interval, 0, :bytes, 0)
                    """.formatted(parts[0]))
                .param("name", parts[1])
                .param("ago", ago)
                .param("bytes", bytes)
                .update();
    }

    private static Premises premises() {
        return urvote.bean(Premises.class);
    }

    private static TableSize table(String fullName) {
        return table(sizes(), fullName);
    }

    private static TableSize table(Sizes sizes, String fullName) {
        return sizes.tables().stream()
                .filter(table -> table.fullName().equals(fullName))
                .findFirst()
                .orElseThrow();
    }

    private static Sizes sizes() {
        return urvote.bean(Transactions.class)
                .as(Acting.CHORE, () -> measurements().sizes());
    }

    private static Activity activity() {
        return urvote.bean(Transactions.class)
                .as(Acting.CHORE, () -> measurements().activity());
    }

    private static void sample() {
        urvote.bean(Transactions.class).as(Acting.CHORE, () -> measurements().keepSample());
    }

    private static Measurements measurements() {
        return new Measurements(urvote.bean(JdbcClient.class));
    }
}
