package rocks.urvote.votes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import rocks.urvote.contests.ContestId;
import rocks.urvote.kernel.UserId;
import rocks.urvote.songs.SongId;
import rocks.urvote.testkit.Api;
import rocks.urvote.testkit.Api.Answer;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;
import rocks.urvote.testkit.TestPostgres;
import rocks.urvote.testkit.Wire;

/// What the ballot box does when it is full, stopped, cut off, given what it cannot take, or not alone.
class BallotBoxIT {

    static Executor threads = Executors.newVirtualThreadPerTaskExecutor();
    static Wire wire;
    static RunningUrVote urvote;
    static RunningUrVote secondNode;
    static Stage stage;

    @BeforeAll
    static void twoNodesOneBehindALineThatBreaks() {
        var database = TestPostgres.freshDatabase();
        wire = new Wire(database, "urvote-ballot-box");
        urvote = RunningUrVote.start(
                Map.of("URVOTE_DATABASE_URL", wire.databaseUrl(), "URVOTE_VOTES_PER_VOTER", "10000"));
        secondNode = RunningUrVote.start(Map.of("URVOTE_DATABASE_URL", database, "URVOTE_VOTES_PER_VOTER", "10000"));
        stage = new Stage(secondNode);
    }

    @AfterAll
    static void stop() {
        secondNode.close();
        urvote.close();
        wire.close();
    }

    private static String votes(SongId song) {
        return "/api/v1/songs/%d/votes".formatted(song.value());
    }

    private static Answer vote(Api voter, SongId song, String... headers) {
        return voter.postWith(votes(song), "", headers);
    }

    private static long count(String sql, long id) {
        return stage.database().sql(sql).param("id", id).query(Long.class).single();
    }

    private static long rows(SongId song) {
        return count("select count(*) from contest.votes where song_id = :id and status = 'counted'", song.value());
    }

    private static long tally(SongId song) {
        return count("select coalesce(sum(n), 0) from contest.song_tallies where song_id = :id", song.value());
    }

    private static List<SongId> songs(ContestId contest, int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> stage.song(contest, "Song " + i))
                .toList();
    }

    private static List<Api> voters(int number) {
        return IntStream.range(0, number).mapToObj(i -> stage.voter()).toList();
    }

    /// Somebody at the database who keeps every vote waiting until they let go.
    private static Connection everybodyWaits() throws SQLException {
        var connection = stage.connection();
        connection.setAutoCommit(false);
        connection.createStatement().execute("lock table contest.ballots in access exclusive mode");
        return connection;
    }

    private static void awaitWaitingVotes(RunningUrVote node, int number) {
        await().until(() -> node.bean(GroupedBallotBox.class).inside() == number);
    }

    @Test
    void saysAtOnceThatItIsFull() throws Exception {
        var small = RunningUrVote.start(Map.of(
                "URVOTE_DATABASE_URL", secondNode.databaseUrl(),
                "URVOTE_VOTE_WRITERS", "1",
                "URVOTE_VOTE_QUEUE", "3"));
        try (var lock = everybodyWaits()) {
            var song = stage.song(stage.contest(), "Crowd");
            var crowd = voters(4).stream().map(voter -> voter.at(small)).toList();
            var first = CompletableFuture.supplyAsync(() -> vote(crowd.getFirst(), song), threads);
            awaitWaitingVotes(small, 1);
            var others = crowd.subList(1, 4).stream()
                    .map(voter -> CompletableFuture.supplyAsync(() -> vote(voter, song), threads))
                    .toList();
            awaitWaitingVotes(small, 4);

            var oneMore = vote(stage.voter().at(small), song);

            assertThat(oneMore.status()).isEqualTo(503);
            assertThat(oneMore.code()).isEqualTo("busy");
            assertThat(oneMore.header("Retry-After")).isEqualTo("1");
            assertThat(first).isNotDone();
            lock.rollback();
            assertThat(first.join().status()).isEqualTo(201);
            assertThat(others)
                    .allSatisfy(vote -> assertThat(vote.join().status()).isEqualTo(201));
            assertThat(rows(song)).isEqualTo(4);
        } finally {
            small.close();
        }
    }

    @Test
    void writesWhatWaitsBeforeItStopsAndTakesNothingMore() throws Exception {
        var node = RunningUrVote.start(
                Map.of("URVOTE_DATABASE_URL", secondNode.databaseUrl(), "URVOTE_VOTE_WRITERS", "1"));
        var song = stage.song(stage.contest(), "Last orders");
        var crowd = voters(6).stream().map(voter -> voter.at(node)).toList();
        var box = node.bean(GroupedBallotBox.class);
        CompletableFuture<Void> stopped;
        List<CompletableFuture<Answer>> waiting;
        try (var lock = everybodyWaits()) {
            waiting = crowd.stream()
                    .map(voter -> CompletableFuture.supplyAsync(() -> vote(voter, song), threads))
                    .toList();
            awaitWaitingVotes(node, 6);

            stopped = CompletableFuture.runAsync(node::close, threads);

            await().until(() -> refusesConnections(node));
            assertThat(box.closed()).isFalse();
            lock.rollback();
        }
        stopped.join();
        assertThat(waiting).allSatisfy(vote -> assertThat(vote.join().status()).isEqualTo(201));
        assertThat(rows(song)).isEqualTo(6);
        assertThat(tally(song)).isEqualTo(6);
        assertThat(box.closed()).isTrue();
        assertThat(box.cast(new Ballot(song, new UserId(crowd.getFirst().user()), true, "::1", null, null, null, null)))
                .isInstanceOf(Ruling.Busy.class);
    }

    private static boolean refusesConnections(RunningUrVote node) {
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), node.address().getPort())) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void findsAVoteAgainWhoseAnswerWasLostAfterTheCommit() {
        var contest = stage.contest(Stage.votesPerDay(2));
        var song = stage.song(contest, "Lost and found");
        var voter = stage.voter().at(urvote);
        vote(voter, stage.song(contest, "Before"));
        wire.loseTheNextAnswer();

        var answer = vote(voter, song);

        assertThat(wire.hasLost()).isTrue();
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(answer.json().path("votes_left_today").asInt()).isZero();
        assertThat(rows(song)).isEqualTo(1);
        assertThat(tally(song)).isEqualTo(1);
        assertThat(count(
                        "select count(*) from contest.votes where id = :id",
                        answer.json().path("vote_id").asLong()))
                .isEqualTo(1);
    }

    @Test
    void givesTheKeptAnswerToAKeyWhoseAnswerWasLost() {
        var contest = stage.contest(Stage.votesPerDay(2));
        var song = stage.song(contest, "Keyed and lost");
        var voter = stage.voter().at(urvote);
        vote(voter, stage.song(contest, "Before"));
        wire.loseTheNextAnswer();

        var answer = vote(voter, song, "Idempotency-Key", "k");

        assertThat(wire.hasLost()).isTrue();
        assertThat(answer.status()).isEqualTo(201);
        assertThat(vote(voter, song, "Idempotency-Key", "k").text()).isEqualTo(answer.text());
        assertThat(vote(voter.at(secondNode), song, "Idempotency-Key", "k").text())
                .isEqualTo(answer.text());
        assertThat(rows(song)).isEqualTo(1);
        assertThat(tally(song)).isEqualTo(1);
    }

    @Test
    void losesNothingWhileItsConnectionsAreCut() {
        var contest = stage.contest();
        var songs = songs(contest, 10);
        var voters = voters(20);
        var cutting = CompletableFuture.runAsync(
                () -> IntStream.range(0, 20).forEach(i -> {
                    stage.database().sql("""
                        select pg_terminate_backend(pid) from pg_stat_activity
                         where application_name = 'urvote-ballot-box' and datname = current_database()
                        """).query().listOfRows();
                    stage.database().sql("select pg_sleep(0.05)").query().listOfRows();
                }),
                threads);

        var answers = Stage.atOnce(voters.stream()
                .map(voter -> (Callable<List<Answer>>)
                        () -> songs.stream().map(song -> vote(voter, song)).toList())
                .toList());
        cutting.join();

        var statuses = answers.stream()
                .flatMap(List::stream)
                .collect(Collectors.groupingBy(Answer::status, Collectors.counting()));
        assertThat(statuses.keySet()).isSubsetOf(201, 503);
        var acknowledged = answers.stream()
                .flatMap(List::stream)
                .filter(answer -> answer.status() == 201)
                .map(answer -> answer.json().path("vote_id").asLong())
                .collect(Collectors.toSet());
        assertThat((long) acknowledged.size()).isEqualTo(statuses.get(201));
        assertThat(stage.database()
                        .sql("select id from contest.votes where contest_id = :contest")
                        .param("contest", contest.value())
                        .query(Long.class)
                        .list())
                .containsAll(acknowledged)
                .doesNotHaveDuplicates();
        assertThat(songs).allSatisfy(song -> assertThat(tally(song)).isEqualTo(rows(song)));
    }

    @Test
    void refusesWhileTheDatabaseIsAwayAndTakesVotesAgainWhenItIsBack() {
        var own = RunningUrVote.start();
        try {
            var elsewhere = new Stage(own);
            var song = elsewhere.song(elsewhere.contest(), "Away");
            var voter = elsewhere.voter();
            var late = elsewhere.voter();
            var database = URI.create(own.databaseUrl()).getPath().substring(1);
            door(database, false);

            var away = vote(voter, song, "Idempotency-Key", "k");

            assertThat(away.status()).isEqualTo(503);
            assertThat(away.code()).isEqualTo("busy");
            assertThat(away.header("Retry-After")).isNotEmpty();
            door(database, true);
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(vote(late, song).status()).isEqualTo(201));
            assertThat(vote(voter, song, "Idempotency-Key", "k").status()).isEqualTo(201);
        } finally {
            own.close();
        }
    }

    private static void door(String database, boolean open) {
        stage.database()
                .sql("alter database \"%s\" with allow_connections %s".formatted(database, open))
                .update();
        stage.database()
                .sql("select pg_terminate_backend(pid) from pg_stat_activity where datname = :database")
                .param("database", database)
                .query()
                .listOfRows();
    }

    @Test
    void takesEveryOtherVoteOfABatchWithOneThatTheDatabaseCannotTake() throws Exception {
        var song = stage.song(stage.contest(), "One bad apple");
        stage.database().sql("""
            alter table contest.votes add constraint no_bad_apples check (user_agent <> 'bad apple') not valid
            """).update();
        try (var lock = everybodyWaits()) {
            var crowd = voters(12);
            var answers = IntStream.range(0, 12)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> vote(crowd.get(i), song, "User-Agent", i == 5 ? "bad apple" : "apple"), threads))
                    .toList();
            awaitWaitingVotes(secondNode, 12);
            lock.rollback();

            var statuses = answers.stream()
                    .map(CompletableFuture::join)
                    .map(Answer::status)
                    .toList();

            assertThat(statuses.get(5)).isEqualTo(500);
            assertThat(statuses).filteredOn(status -> status == 201).hasSize(11);
            assertThat(rows(song)).isEqualTo(11);
            assertThat(tally(song)).isEqualTo(11);
        } finally {
            stage.database()
                    .sql("alter table contest.votes drop constraint no_bad_apples")
                    .update();
        }
    }

    @Test
    void leavesNobodyWaitingWhenAWriterFailsAndGoesOn() throws Exception {
        var song = stage.song(stage.contest(), "After the fall");
        var voter = new UserId(stage.voter().user());
        var ballot = new Ballot(song, voter, true, "::1", null, null, null, null);
        var database = new FailsOnce(secondNode.bean(JdbcConnectionDetails.class));
        var writer = new BallotWriter(
                10,
                new BallotConnection(database),
                secondNode.bean(BallotBatch.class),
                new VoteIds(),
                secondNode.bean(Partitions.class),
                new BallotBoxMetrics(new SimpleMeterRegistry(), () -> 0, 10));
        var thread = Thread.ofPlatform().daemon().start(writer);

        var failed = CompletableFuture.supplyAsync(() -> writer.cast(ballot), threads);

        assertThat(failed).failsWithin(Duration.ofSeconds(5));
        assertThat(CompletableFuture.supplyAsync(() -> writer.cast(ballot), threads))
                .succeedsWithin(Duration.ofSeconds(5))
                .isInstanceOf(Ruling.Received.class);
        writer.close();
        assertThat(thread.join(Duration.ofSeconds(5))).isTrue();
        assertThat(rows(song)).isEqualTo(1);
    }

    /// The way to a database, where memory was short when it was asked for first.
    private static final class FailsOnce implements JdbcConnectionDetails {

        private final JdbcConnectionDetails database;
        private boolean failed;

        FailsOnce(JdbcConnectionDetails database) {
            this.database = database;
        }

        @Override
        public String getJdbcUrl() {
            if (!failed) {
                failed = true;
                throw new OutOfMemoryError("Once");
            }
            return database.getJdbcUrl();
        }

        @Override
        public @Nullable String getUsername() {
            return database.getUsername();
        }

        @Override
        public @Nullable String getPassword() {
            return database.getPassword();
        }
    }

    @Test
    void givesOneKeyAtTwoNodesToOneSong() {
        for (var round = 0; round < 8; round++) {
            var contest = stage.contest();
            var here = stage.song(contest, "Here");
            var there = stage.song(contest, "There");
            var voter = stage.voter();

            var answers = Stage.atOnce(IntStream.range(0, 12)
                    .mapToObj(i -> (Callable<Answer>) () -> i % 2 == 0
                            ? vote(voter.at(urvote), here, "Idempotency-Key", "k")
                            : vote(voter, there, "Idempotency-Key", "k"))
                    .toList());

            assertThat(answers.stream().collect(Collectors.groupingBy(Answer::status, Collectors.counting())))
                    .isEqualTo(Map.of(201, 6L, 422, 6L));
            assertThat(rows(here) + rows(there)).isEqualTo(1);
        }
    }

    @Test
    void keepsEveryLimitWhileTwoNodesServeTheSameVoters() {
        var contest = stage.contest(Stage.votesPerDay(5));
        var songs = songs(contest, 8);
        var voters = voters(10);

        var answers = Stage.atOnce(voters.stream()
                .flatMap(voter -> songs.stream()
                        .flatMap(song ->
                                List.<Callable<Answer>>of(() -> vote(voter.at(urvote), song), () -> vote(voter, song))
                                        .stream()))
                .toList());

        assertThat(answers).filteredOn(answer -> answer.status() == 201).hasSize(50);
        assertThat(answers).extracting(Answer::status).containsOnly(201, 409, 429);
        assertThat(count(
                        "select max(n) from (select count(*) as n from contest.votes where contest_id = :id"
                                + " group by voter_id, vote_day) days",
                        contest.value()))
                .isEqualTo(5);
        assertThat(songs).allSatisfy(song -> assertThat(tally(song)).isEqualTo(rows(song)));
        assertThat(count("select deadlocks from pg_stat_database where datname = current_database() or :id is null", 1))
                .isZero();
    }

    @Test
    void movesTheTallyWithEachDecision() {
        var contest = stage.contest(Stage.votesPerDay(1));
        var song = stage.song(contest, "Under review");
        var voter = stage.voter();
        var id = vote(voter, song).json().path("vote_id").asLong();

        var taken = decide(stage.owner(), id, "void", "one hand, many accounts");

        assertThat(taken.status()).as(taken.text()).isEqualTo(200);
        assertThat(taken.json().path("status").asString()).isEqualTo("void");
        assertThat(tally(song)).isZero();
        assertThat(vote(voter, song).code()).as("it keeps its place").isEqualTo("already_voted");
        assertThat(decide(stage.owner(), id, "void", "again").status()).isEqualTo(200);
        assertThat(tally(song)).isZero();
        assertThat(decide(stage.owner(), id, "count", "an honest mistake")
                        .json()
                        .path("status")
                        .asString())
                .isEqualTo("counted");
        assertThat(tally(song)).isEqualTo(1);
        assertThat(count(
                        "select count(*) from contest.audit_log where fact = 'VoteDecided' and detail ->> 'vote' ="
                                + " :id::text",
                        id))
                .isEqualTo(2);
    }

    @Test
    void decidesAtOnceWithWithdrawalsAndStaysExact() {
        var contest = stage.contest();
        var song = stage.song(contest, "Contested");
        var crowd = voters(16);
        var ids = crowd.stream()
                .map(voter -> vote(voter, song).json().path("vote_id").asLong())
                .toList();
        var owner = stage.owner();

        var answers = Stage.atOnce(IntStream.range(0, 64)
                .mapToObj(i -> (Callable<Integer>) () -> switch (i % 4) {
                    case 0 -> decide(owner, ids.get(i / 4), "void", "void").status();
                    case 1 -> decide(owner, ids.get(i / 4), "count", "count").status();
                    case 2 -> crowd.get(i / 4).delete(votes(song) + "/today").status();
                    default -> vote(crowd.get(i / 4), song).status();
                })
                .toList());

        assertThat(answers).isSubsetOf(200, 201, 204, 404, 409);
        assertThat(tally(song)).isEqualTo(rows(song));
    }

    @Test
    void tellsOnlyMembersOfAVoteAndTakesNoOtherWords() {
        var song = stage.song(stage.contest(), "Private");
        var voter = stage.voter();
        var id = vote(voter, song).json().path("vote_id").asLong();

        assertThat(decide(voter, id, "void", "mine").status()).isEqualTo(404);
        assertThat(decide(Api.visitor(secondNode), id, "void", "nobody's").status())
                .isEqualTo(401);
        assertThat(decide(stage.owner(), id, "keep", "what?").fields()).containsExactly("decision");
        assertThat(decide(stage.owner(), id, "void", " ").fields()).containsExactly("reason");
        assertThat(decide(stage.owner(), 999_999_999_999L, "void", "none").status())
                .isEqualTo(404);
        voter.delete(votes(song) + "/today");
        assertThat(decide(stage.owner(), id, "void", "too late").code()).isEqualTo("vote_withdrawn");
    }

    private static Answer decide(Api member, long vote, String decision, String reason) {
        return member.post("/api/v1/votes/%d/decision".formatted(vote), """
            {"decision": "%s", "reason": "%s"}
            """.formatted(decision, reason));
    }

    @Test
    void isAnsweredAlikeOnTheShortcutAndTheLongWay() {
        var song = stage.song(stage.contest(), "Two ways");
        var voter = stage.voter();
        vote(voter, song);
        var longWay = "application/json;q=0.9, */*;q=0.1";

        var direct = vote(voter, song);
        var around = vote(voter, song, "Accept", longWay);

        assertThat(direct.text()).isEqualTo(around.text());
        assertThat(direct.status()).isEqualTo(around.status());
        assertThat(direct.lastingHeaders())
                .isEqualTo(around.lastingHeaders())
                .containsEntry("X-Content-Type-Options", List.of("nosniff"));
        var stranger = Api.visitor(secondNode);
        assertThat(vote(stranger, song).code()).isEqualTo("sign_in_required");
        assertThat(vote(stranger, song, "Accept", longWay).text())
                .isEqualTo(vote(stranger, song).text());
        var cookie = "access=" + voter.token();
        var forged = vote(stranger, song, "Cookie", cookie, "Origin", "https://evil.example");
        assertThat(forged.code()).isEqualTo("csrf");
        assertThat(forged.lastingHeaders())
                .isEqualTo(vote(stranger, song, "Cookie", cookie, "Origin", "https://evil.example", "Accept", longWay)
                        .lastingHeaders())
                .containsKey("Content-Security-Policy");
    }

    @Test
    void letsNoOtherSiteVoteWithABrowsersCookies() {
        var song = stage.song(stage.contest(), "Cross site");
        var cookie = "access=" + stage.voter().token();
        var browser = Api.visitor(secondNode);

        assertThat(vote(browser, song, "Cookie", cookie, "Origin", "https://evil.example")
                        .code())
                .isEqualTo("csrf");
        assertThat(vote(browser, song, "Cookie", cookie, "Sec-Fetch-Site", "cross-site")
                        .code())
                .isEqualTo("csrf");
        assertThat(vote(browser, song, "Cookie", cookie).code()).isEqualTo("csrf");
        assertThat(vote(browser, song, "Cookie", cookie, "Sec-Fetch-Site", "same-origin")
                        .status())
                .isEqualTo(201);
        assertThat(rows(song)).isEqualTo(1);
    }
}
