package rocks.urvote.operations.figures;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.jdbc.core.simple.JdbcClient;
import rocks.urvote.contests.ContestId;
import rocks.urvote.operations.Chore;
import rocks.urvote.operations.Program;
import rocks.urvote.operations.TestReplica;
import rocks.urvote.songs.SongId;
import rocks.urvote.testkit.Api;
import rocks.urvote.testkit.CountingPostgres;
import rocks.urvote.testkit.FakeClockPostgres;
import rocks.urvote.testkit.Ports;
import rocks.urvote.testkit.Prometheus;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;
import rocks.urvote.testkit.UnwillingMailServer;
import tools.jackson.databind.json.JsonMapper;

/// The metrics, the alerts and the dashboard with a real Prometheus: each alert by a real fault, until it is mended.
@EnabledIf(value = "rocks.urvote.testkit.Prometheus#isHere", disabledReason = "prometheus is not on this machine")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ResourceLock(CountingPostgres.LOCK)
@ResourceLock(FakeClockPostgres.LOCK)
class MonitoringIT {

    private static final Path RULES = Path.of("packaging/prometheus/urvote.rules.yml");
    private static final Path RULE_TESTS = Path.of("src/test/resources/prometheus/urvote.rules.test.yml");
    private static final Path DASHBOARD = Path.of("packaging/grafana/urvote.json");
    private static final Path DOCUMENT = Path.of("docs/monitoring.md");

    private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");
    private static final Pattern EXPRESSION = Pattern.compile("expr: (?:'(.+)'|(.+))");

    /// What grows is known after a day, and a program that has just begun may not have tidied its memory yet.
    private static final Set<String> MAY_BE_EMPTY = Set.of("Growth a day", "Full in", "Tidying the memory");

    /// How long an alert may take on a machine that is busy with other things; alone it is a few seconds.
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final int MEGABYTE = 1 << 20;

    static final Set<String> FIRED = new TreeSet<>();

    @TempDir
    static Path backups;

    static String database;
    static int mailPort;
    static int replicaPort;
    static GreenMail mails;
    static RunningUrVote urvote;
    static Stage stage;
    static JdbcClient superuser;
    static Prometheus prometheus;
    static @Nullable TestReplica replica;
    static List<byte[]> hoard = List.of();
    static Api admin;
    static ContestId contest;
    static SongId song;

    @BeforeAll
    static void start() throws IOException {
        database = CountingPostgres.freshDatabase();
        mailPort = Ports.free();
        replicaPort = Ports.free();
        mails = mailServer();
        urvote = RunningUrVote.start(settings("0"));
        stage = new Stage(urvote);
        superuser = stage.database();
        admin = Api.admin(urvote, Stage.unique("admin"));
        contest = stage.contest();
        song = stage.song(contest, "First");
        vote(stage.voter());
        prometheus = Prometheus.start(urvote.management(), quickly(Files.readString(RULES)));
    }

    private static Map<String, String> settings(String managementPort) {
        return Map.ofEntries(
                entry("URVOTE_DATABASE_URL", database),
                entry(
                        "URVOTE_REPLICA_URL",
                        database.replaceFirst("@127\\.0\\.0\\.1:\\d+/", "@127.0.0.1:" + replicaPort + "/")),
                entry("URVOTE_MANAGEMENT_PORT", managementPort),
                entry("URVOTE_FIGURES_EVERY", "1s"),
                entry("URVOTE_VOTE_QUEUE", "4"),
                entry("URVOTE_REQUESTS_AT_ONCE", "30"),
                entry("URVOTE_POOL_IDLE", "1"),
                entry("URVOTE_POOL_MAX", "5"),
                entry("URVOTE_SMTP_URL", "smtp://127.0.0.1:" + mailPort),
                entry("URVOTE_BACKUPS", backups.toString()),
                entry("URVOTE_BACKUP_HOUR", "3"));
    }

    /// The same alerts without their patience, which no test has.
    private static String quickly(String rules) {
        return rules.replaceAll("for: \\w+", "for: 0s")
                .replaceAll("\\[\\w+]", "[6s]")
                .replace("longest_wait_seconds > 30", "longest_wait_seconds > 1")
                .replace("longest_transaction_seconds > 3600", "longest_transaction_seconds > 1")
                .replace("lag_seconds > 30", "lag_seconds > 1")
                .replace("overdue_seconds > 3600", "overdue_seconds > 30")
                .replace("dead_rows > 10000", "dead_rows > 60");
    }

    private static GreenMail mailServer() {
        var server = new GreenMail(new ServerSetup(mailPort, "127.0.0.1", "smtp"));
        server.start();
        return server;
    }

    @AfterAll
    static void stop() {
        prometheus.close();
        urvote.close();
        mails.stop();
        if (replica != null) {
            replica.close();
        }
    }

    @Test
    @Order(1)
    void rulesAndTheirTestsAreWhatPromtoolTakes() throws IOException {
        assertThat(Prometheus.run("promtool", "check", "rules", RULES.toString()))
                .contains("SUCCESS");
        assertThat(Prometheus.run("promtool", "test", "rules", RULE_TESTS.toString()))
                .contains("SUCCESS");
        for (var alert : alerts()) {
            assertThat(Files.readString(RULE_TESTS)).as(alert).contains("alertname: " + alert + "\n");
            assertThat(Files.readString(DOCUMENT)).as(alert).contains("`" + alert + "`");
        }
    }

    @Test
    @Order(2)
    void aQuietUrVoteLacksOnlyABackupAndItsReplica() {
        awaitFiring("UrVoteNoBackup", "UrVoteReplicaAway");

        awaitSilenceBut("UrVoteNoBackup", "UrVoteReplicaAway");
    }

    @Test
    @Order(3)
    void aReplicaThatLagsIsNoticed() {
        var follower = CountingPostgres.replica(replicaPort);
        replica = follower;
        awaitSilenceBut("UrVoteNoBackup");
        follower.pause();
        superuser.sql("update identity.users set last_login = now()").update();
        awaitFiring("UrVoteReplicaLags");

        follower.goOn();

        awaitSilenceBut("UrVoteNoBackup");
    }

    @Test
    @Order(4)
    void anOldBackupIsNoBackup() throws Exception {
        Files.writeString(backups.resolve("urvote_20250101_030000.dump"), "not to be restored");
        awaitFiring("UrVoteBackupTooOld", "UrVoteBackupNotProved");
        assertThat(prometheus.firing()).doesNotContain("UrVoteNoBackup");

        assertThat(urvote("backup")).isZero();

        awaitSilence();
    }

    @Test
    @Order(5)
    void everyQueryOfTheDashboardFindsWhatItShows() throws IOException {
        var empty = new ArrayList<String>();
        var panels = new JsonMapper().readTree(Files.readString(DASHBOARD)).path("panels");
        for (var panel : panels) {
            for (var target : panel.path("targets")) {
                var expression = target.path("expr")
                        .asString()
                        .replace("$instance", ".*")
                        .replace("$__rate_interval", "10s")
                        .replace("$__range", "60s");
                if (prometheus.query(expression).isEmpty()) {
                    empty.add(panel.path("title").asString());
                }
            }
        }

        assertThat(MAY_BE_EMPTY).containsAll(empty);
    }

    @Test
    @Order(5)
    void everyMetricOfItsOwnIsDocumented() throws IOException {
        var document = Files.readString(DOCUMENT);

        assertThat(prometheus.query("count by (__name__) ({__name__=~\"urvote_.+\"})"))
                .isNotEmpty()
                .allSatisfy(series -> assertThat(document)
                        .contains("`"
                                + series.path("metric")
                                        .path("__name__")
                                        .asString()
                                        .replaceFirst("_(count|sum|max)$", "")));
    }

    @Test
    @Order(6)
    void everyExpressionOfAnAlertIsUnderstood() throws IOException {
        for (var expression :
                EXPRESSION.matcher(Files.readString(RULES)).results().toList()) {
            prometheus.query(expression.group(1) == null ? expression.group(2) : expression.group(1));
        }
    }

    @Test
    @Order(7)
    void aMonthThatIsMissingIsNoticed() {
        var month = YearMonth.now(ZoneOffset.UTC).plusMonths(3);
        for (var table : List.of("votes", "ballots")) {
            superuser
                    .sql("drop table contest.%s_%d_%02d".formatted(table, month.getYear(), month.getMonthValue()))
                    .update();
        }
        awaitFiring("UrVoteMonthMissing");

        chore("vote partitions");

        awaitSilence();
    }

    @Test
    @Order(7)
    void mailsThatDoNotGetThroughAreNoticed() {
        mails.stop();
        Api.visitor(urvote).post("/api/v1/sign-in-codes", "{\"email\": \"somebody@example.org\"}");
        awaitFiring("UrVoteMailsWait");

        mails = mailServer();

        awaitSilence();
        assertThat(mails.getReceivedMessages()).hasSize(1);
    }

    @Test
    @Order(7)
    void mailsThatNobodyTakesAreNoticed() {
        mails.stop();
        try (var _ = UnwillingMailServer.at(mailPort, "550 5.1.1 nobody here")) {
            Api.visitor(urvote).post("/api/v1/sign-in-codes", "{\"email\": \"nobody@example.org\"}");
            awaitFiring("UrVoteMailsGivenUp");
        }

        mails = mailServer();

        awaitSilence();
    }

    @Test
    @Order(7)
    void factsThatNobodyHearsAreNoticed() {
        superuser.sql("""
            insert into contest.event_publication (id, listener_id, event_type, serialized_event, publication_date)
            values (gen_random_uuid(), 'a listener of an older release', 'a fact', '{}', now() - interval '1 hour')
            """).update();
        awaitFiring("UrVoteFactsWait");

        superuser.sql("delete from contest.event_publication").update();

        awaitSilence();
    }

    @Test
    @Order(7)
    void votesThatFailAreNoticed() {
        superuser
                .sql("alter table contest.ballots add constraint nobody_may check (false) not valid")
                .update();
        vote(stage.voter());
        awaitFiring("UrVoteVotesFail");

        superuser.sql("alter table contest.ballots drop constraint nobody_may").update();

        awaitSilence();
    }

    @Test
    @Order(7)
    void aChoreThatFailsIsNoticed() {
        superuser.sql("revoke delete on contest.vote_answers from urvote_user").update();
        ask("old vote answers");
        awaitFiring("UrVoteChoreFails");

        superuser.sql("grant delete on contest.vote_answers to urvote_user").update();
        ask("old vote answers");

        awaitSilence();
    }

    /// Another node hangs in the middle of a chore that was done the day before yesterday for the last time.
    @Test
    @Order(7)
    void aChoreThatIsNotDoneIsNoticed() throws SQLException {
        ask("old vote answers");
        await().until(() -> superuser
                        .sql("select count(*) from contest.chore_runs where chore = 'old vote answers' and outcome"
                                + " = 'done'")
                        .query(Integer.class)
                        .single()
                > 0);
        try (var hanging = stage.connection();
                var statement = hanging.createStatement()) {
            statement.execute("select pg_advisory_lock(hashtextextended('urvote chore old vote answers', 0))");
            superuser.sql("""
                update contest.chore_runs
                   set started_at = started_at - interval '2 days', ended_at = ended_at - interval '2 days'
                 where chore = 'old vote answers'
                """).update();
            awaitFiring("UrVoteChoreLate");
        }

        awaitSilence();
    }

    @Test
    @Order(7)
    void transactionIdsThatRunOutAreNoticed() throws IOException {
        var used = "select age(datfrozenxid) from pg_database where datname = current_database()";
        long fewerAreLeft = superuser.sql(used).query(Long.class).single() + 500;
        var rules = quickly(Files.readString(RULES));
        prometheus.follow(rules.replace("transaction_ids > 1200000000", "transaction_ids > " + fewerAreLeft));
        superuser.sql("""
            do $$ begin for n in 1..600 loop perform pg_current_xact_id(); commit; end loop; end $$
            """).update();
        awaitFiring("UrVoteTransactionIdsRunOut");

        superuser.sql("vacuum (freeze)").update();

        awaitSilence();
        prometheus.follow(rules);
    }

    @Test
    @Order(7)
    void memoryThatIsNearlyUsedUpIsNoticed() throws IOException {
        System.gc();
        var usage = "jvm_memory_usage_after_gc{area=\"heap\"}";
        await().atMost(PATIENCE).until(() -> !prometheus.query(usage).isEmpty());
        double nearly = Double.parseDouble(
                        prometheus.query(usage).get(0).path("value").get(1).asString())
                + 0.1;
        var rules = quickly(Files.readString(RULES));
        prometheus.follow(rules.replace("area=\"heap\"} > 0.9", "area=\"heap\"} > " + nearly));
        hoard = Stream.generate(() -> new byte[MEGABYTE])
                .limit(Runtime.getRuntime().maxMemory() / 5 / MEGABYTE)
                .toList();
        await().atMost(PATIENCE).untilAsserted(() -> {
            System.gc();
            assertThat(prometheus.firing()).contains("UrVoteMemoryShort");
        });
        FIRED.add("UrVoteMemoryShort");

        hoard = List.of();
        System.gc();

        awaitSilence();
        prometheus.follow(rules);
    }

    @Test
    @Order(7)
    @EnabledIf("rocks.urvote.testkit.FakeClockPostgres#isHere")
    void aClockThatGoesWrongIsNoticed() throws IOException {
        FakeClockPostgres.set(Instant.now());
        try (var other = RunningUrVote.start(Map.of(
                        "URVOTE_DATABASE_URL", FakeClockPostgres.freshDatabase(), "URVOTE_FIGURES_EVERY", "1s"));
                var itsPrometheus = Prometheus.start(other.management(), quickly(Files.readString(RULES)))) {
            FakeClockPostgres.set(Instant.now().plusSeconds(5));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(itsPrometheus.firing()).contains("UrVoteClockDiffers"));
            FIRED.add("UrVoteClockDiffers");

            FakeClockPostgres.set(Instant.now());

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(itsPrometheus.firing()).doesNotContain("UrVoteClockDiffers"));
        }
    }

    @Test
    @Order(7)
    void aLogThatWasChangedByHandIsNoticed() {
        chore("seal the audit log");
        superuser.sql("""
            create table public.aside as
            select * from identity.audit_log where id = (select min(id) from identity.audit_log)
            """).update();
        superuser
                .sql("delete from identity.audit_log where id in (select id from public.aside)")
                .update();
        ask("prove the audit log");
        awaitFiring("UrVoteLogChanged");

        superuser
                .sql("insert into identity.audit_log overriding system value select * from public.aside")
                .update();
        superuser.sql("drop table public.aside").update();
        ask("prove the audit log");

        awaitSilence();
    }

    @Test
    @Order(7)
    void deadRowsAreNoticed() throws SQLException {
        try (var reader = stage.connection();
                var statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            statement.execute("select count(*) from identity.users");
            for (int i = 0; i < 40; i++) {
                superuser.sql("update identity.users set last_login = now()").update();
            }
            awaitFiring("UrVoteDeadRows");
        }

        superuser.sql("vacuum identity.users").update();

        awaitSilence();
    }

    @Test
    @Order(7)
    void deadlocksAreNoticed() throws SQLException {
        try (var one = stage.connection();
                var other = stage.connection()) {
            lock(one, "contest.clients");
            lock(other, "contest.contests");
            var crossed =
                    CompletableFuture.runAsync(() -> tryToLock(one, "contest.contests"), Thread::startVirtualThread);
            tryToLock(other, "contest.clients");
            crossed.join();
        }

        awaitFiring("UrVoteDeadlocks");
        awaitSilence();
    }

    @Test
    @Order(8)
    void aDatabaseThatIsHeldUpIsNoticed() throws SQLException {
        var over = new AtomicBoolean();
        var voters = Stream.generate(() -> stage.voter()).limit(12).toList();
        var people = new ArrayList<Thread>();
        try (var holder = stage.connection()) {
            lock(holder, "contest.songs");
            for (var voter : voters) {
                people.add(Thread.startVirtualThread(() -> until(over, () -> vote(voter))));
                people.add(Thread.startVirtualThread(() -> until(over, () -> look(voter))));
            }
            awaitFiring(
                    "UrVoteVoteQueueFills",
                    "UrVoteVotesRefused",
                    "UrVoteErrors",
                    "UrVoteConnectionsAwaited",
                    "UrVoteSessionsWait",
                    "UrVoteTransactionTooLong");
            for (var voter : voters) {
                people.add(Thread.startVirtualThread(() -> until(over, () -> look(voter))));
                people.add(Thread.startVirtualThread(() -> until(over, () -> look(voter))));
            }
            awaitFiring("UrVoteRequestsRefused");
            over.set(true);
            holder.rollback();
        }
        people.forEach(MonitoringIT::join);

        awaitSilence();
    }

    @Test
    @Order(9)
    void aServerWithoutConnectionsIsNoticed() throws SQLException {
        var taken = new ArrayList<Connection>();
        try {
            while (superuser
                    .sql("select count(*) < 36 from pg_stat_activity where datid is not null")
                    .query(Boolean.class)
                    .single()) {
                taken.add(stage.connection());
            }
            awaitFiring("UrVoteConnectionsUsedUp");
        } finally {
            for (var connection : taken) {
                connection.close();
            }
        }

        awaitSilence();
    }

    @Test
    @Order(9)
    void aDiskThatFillsIsNoticed() throws IOException {
        superuser.sql("""
            insert into media.files (path, size, sha256, format, media_type, uploaded_by, created_at)
            values ('2026/11/a-long-song.wav', 1e15, repeat('0', 64), 'wav', 'audio/wav', 1, now() - interval '2 days')
            """).update();
        var rules = quickly(Files.readString(RULES));
        prometheus.follow(rules.replace("volume_bytes < 0.1", "volume_bytes < 2"));
        awaitFiring("UrVoteDiskNearlyFull", "UrVoteDiskFullSoon");

        prometheus.follow(rules);
        superuser.sql("delete from media.files").update();

        awaitSilence();
    }

    @Test
    @Order(10)
    void aDatabaseThatIsAwayIsNoticed() {
        var name = database.substring(database.lastIndexOf('/') + 1);
        var beside = Stage.database(database.replace(name, "postgres"));
        beside.sql("alter database %s allow_connections false".formatted(name)).update();
        beside.sql("select pg_terminate_backend(pid) from pg_stat_activity where datname = :name")
                .param("name", name)
                .query()
                .listOfRows();
        awaitFiring("UrVoteDatabaseAway");

        beside.sql("alter database %s allow_connections true".formatted(name)).update();

        awaitSilence();
    }

    @Test
    @Order(11)
    void anUrVoteThatIsAwayIsNoticed() {
        var port = urvote.management().getPort();
        urvote.close();
        awaitFiring("UrVoteDown");

        urvote = RunningUrVote.start(settings(Integer.toString(port)));

        awaitSilence();
    }

    @Test
    @Order(12)
    void everyAlertWasMadeToFire() throws IOException {
        var all = new TreeSet<>(alerts());
        if (!FakeClockPostgres.isHere()) {
            all.remove("UrVoteClockDiffers");
        }

        assertThat(FIRED).isEqualTo(all);
    }

    private static List<String> alerts() throws IOException {
        return ALERT.matcher(Files.readString(RULES))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    private static void awaitFiring(String... alerts) {
        var seen = new TreeSet<String>();
        await().atMost(PATIENCE).untilAsserted(() -> {
            seen.addAll(prometheus.firing());
            assertThat(seen).contains(alerts);
        });
        FIRED.addAll(List.of(alerts));
    }

    private static void awaitSilence() {
        awaitSilenceBut();
    }

    private static void awaitSilenceBut(String... alerts) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(prometheus.firing()).containsExactlyInAnyOrder(alerts));
    }

    private static void chore(String name) {
        try {
            urvote.beans(Chore.class).stream()
                    .filter(chore -> chore.name().equals(name))
                    .findFirst()
                    .orElseThrow()
                    .run();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /// As an admin does on the page.
    private static void ask(String chore) {
        assertThat(admin.form("/admin/chores", Map.of("chore", chore)).status()).isEqualTo(303);
    }

    private static int urvote(String command) throws ClassNotFoundException {
        var environment = new HashMap<>(settings("0"));
        environment.put("URVOTE_DATA_DIR", urvote.dataDir().toString());
        var out = new PrintWriter(System.out, true, UTF_8);
        return Program.run(Class.forName("rocks.urvote.UrVote"), environment, backups, out, out, command);
    }

    private static void vote(Api voter) {
        voter.post("/api/v1/songs/%d/votes".formatted(song.value()), "{}");
    }

    private static void look(Api voter) {
        voter.get("/api/v1/contests/%d/songs".formatted(contest.value()));
    }

    private static void until(AtomicBoolean over, Runnable work) {
        while (!over.get()) {
            work.run();
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void lock(Connection connection, String table) throws SQLException {
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            statement.execute("lock table %s in access exclusive mode".formatted(table));
        }
    }

    /// One of two does not get it.
    private static void tryToLock(Connection connection, String table) {
        try {
            lock(connection, table);
            connection.rollback();
        } catch (SQLException e) {
            assertThat(e.getSQLState()).isEqualTo("40P01");
        }
    }
}
