package rocks.urvote.leaderboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import rocks.urvote.contests.ContestId;
import rocks.urvote.contests.ContestSettings;
import rocks.urvote.contests.ContestSettings.HideCounts;
import rocks.urvote.songs.SongId;
import rocks.urvote.testkit.Api;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;
import tools.jackson.databind.JsonNode;

class LeaderboardIT {

    static RunningUrVote urvote;
    static Stage stage;
    static Api visitor;

    @BeforeAll
    static void start() {
        urvote = RunningUrVote.start();
        stage = new Stage(urvote);
        visitor = Api.visitor(urvote);
    }

    @AfterAll
    static void stop() {
        urvote.close();
    }

    private static String board(ContestId contest) {
        return "/api/v1/contests/%d/leaderboard".formatted(contest.value());
    }

    private static void vote(Api voter, SongId song) {
        var answer = voter.postWith("/api/v1/songs/%d/votes".formatted(song.value()), "");
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    }

    /// The board once it shows all of them, which it does within a moment.
    private static JsonNode boardWith(int votes, Api reader, ContestId contest) {
        return await().atMost(Duration.ofSeconds(1))
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () -> reader.get(board(contest)).json(),
                        json -> json.path("total_votes").asLong() == votes);
    }

    private static ContestId contest(HideCounts hide) {
        var defaults = ContestSettings.DEFAULT;
        return stage.contest(new ContestSettings(
                defaults.timeZone(), 10, 1, Set.of(), Set.of(), hide, defaults.captcha(), 0, 50, null, null));
    }

    @Test
    void ranksByVotesAndSharesRanks() {
        var contest = stage.contest();
        var best = stage.song(contest, "zz best");
        var second = stage.song(contest, "Beta");
        var alsoSecond = stage.song(contest, "alpha");
        stage.song(contest, "Nobody's");
        var ada = stage.voter();
        var ben = stage.voter();
        vote(ada, best);
        vote(ben, best);
        vote(ada, second);
        vote(ben, alsoSecond);

        var json = boardWith(4, visitor, contest);

        assertThat(json.path("total_votes").asLong()).isEqualTo(4);
        assertThat(json.path("contest_id").asLong()).isEqualTo(contest.value());
        assertThat(json.has("counts_hidden")).isFalse();
        assertThat(titles(json)).containsExactly("zz best", "alpha", "Beta", "Nobody's");
        assertThat(json.path("entries")
                        .valueStream()
                        .map(entry -> entry.path("rank").asInt()))
                .containsExactly(1, 2, 2, 4);
        assertThat(json.path("entries").get(3).path("votes").asLong()).isZero();
    }

    private static List<String> titles(JsonNode board) {
        return board.path("entries")
                .valueStream()
                .map(entry -> entry.path("title").asString())
                .toList();
    }

    @Test
    void equalsACountOfTheStoredVotes() {
        var contest = stage.contest();
        var songs = List.of(stage.song(contest, "A"), stage.song(contest, "B"), stage.song(contest, "C"));
        for (var voter = 0; voter < 6; voter++) {
            var api = stage.voter();
            for (var song : songs.subList(0, 1 + voter % 3)) {
                vote(api, song);
            }
        }

        var shown = boardWith(12, visitor, contest);

        for (var entry : shown.path("entries")) {
            assertThat(entry.path("votes").asLong())
                    .isEqualTo(stage.database()
                            .sql("select count(*) from contest.votes where song_id = :song and status = 'counted'")
                            .param("song", entry.path("song_id").asLong())
                            .query(Long.class)
                            .single());
        }
    }

    @Test
    void answersNotModifiedUntilSomethingChanges() {
        var contest = stage.contest();
        var song = stage.song(contest, "Tagged");
        var first = visitor.get(board(contest));

        var unchanged = visitor.get(board(contest), "If-None-Match", first.header("ETag"));
        vote(stage.voter(), song);
        boardWith(1, visitor, contest);
        var changed = visitor.get(board(contest), "If-None-Match", first.header("ETag"));

        assertThat(unchanged.status()).isEqualTo(304);
        assertThat(unchanged.text()).isEmpty();
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().path("total_votes").asLong()).isEqualTo(1);
    }

    @Test
    void answersTheShortWayAsTheLongWay() {
        var contest = stage.contest();
        stage.song(contest, "Both ways");
        var shortWay = visitor.get(board(contest) + "?limit=200");
        var longWay = visitor.get(board(contest) + "?limit=200&by=the-long-way");

        assertThat(shortWay.status()).isEqualTo(longWay.status());
        assertThat(shortWay.text()).isEqualTo(longWay.text());
        assertThat(shortWay.lastingHeaders())
                .isEqualTo(longWay.lastingHeaders())
                .containsKeys("ETag", "Content-Security-Policy");
        assertThat(visitor.get(board(contest), "Authorization", "Bearer what.ever.it-is")
                        .lastingHeaders())
                .isEqualTo(visitor.get(board(contest) + "?by=the-long-way", "Authorization", "Bearer what.ever.it-is")
                        .lastingHeaders())
                .containsKey("Content-Security-Policy");
    }

    /// More boards than there are connections, all of them to be read again, and none comes to its end.
    @Test
    void leavesTheDatabaseToOthersHoweverManyBoardsAreRead() throws Exception {
        var contests = IntStream.range(0, 12).mapToObj(_ -> stage.contest()).toList();
        contests.forEach(contest -> visitor.get(board(contest)));
        try (var lock = stage.connection()) {
            lock.setAutoCommit(false);
            lock.createStatement().execute("lock table contest.song_tallies in access exclusive mode");
            contests.forEach(urvote.bean(Boards.class)::heardOf);
            urvote.bean(Boards.class).refreshWatched();

            var meanwhile = visitor.get("/api/v1/clients");

            lock.rollback();
            assertThat(meanwhile.status()).as(meanwhile.text()).isEqualTo(200);
        }
    }

    @Test
    void readsBeforeItAnswersWhoWasShownANewerBoard() {
        var other = RunningUrVote.start(Map.of("URVOTE_DATABASE_URL", urvote.databaseUrl()));
        try {
            var contest = stage.contest();
            var song = stage.song(contest, "Ahead");
            var elsewhere = Api.visitor(other);
            for (var voter = 1; voter <= 3; voter++) {
                visitor.get(board(contest));
                vote(stage.voter().at(other), song);
                boardWith(voter, elsewhere, contest);
                var tag = elsewhere.get(board(contest)).header("ETag");

                assertThat(visitor.get(board(contest), "If-None-Match", tag).status())
                        .isEqualTo(304);
            }
        } finally {
            other.close();
        }
    }

    @Test
    void showsVotesOfAnotherNodeWithinAMoment() {
        var other = RunningUrVote.start(Map.of("URVOTE_DATABASE_URL", urvote.databaseUrl()));
        try {
            var contest = stage.contest();
            var song = stage.song(contest, "Elsewhere");
            visitor.get(board(contest));
            vote(stage.voter().at(other), song);

            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(visitor.get(board(contest))
                                    .json()
                                    .path("total_votes")
                                    .asLong())
                            .isEqualTo(1));
        } finally {
            other.close();
        }
    }

    @Test
    void hidesCountsInEveryWayUntilTheReaderHasVoted() {
        var contest = contest(HideCounts.UNTIL_VOTED);
        var leading = stage.song(contest, "Zulu leads");
        stage.song(contest, "Alpha trails");
        var voter = stage.voter();
        var reader = stage.voter();
        var before = reader.get(board(contest));
        vote(voter, leading);

        var hidden = reader.get(board(contest));

        assertThat(hidden.json().path("counts_hidden").asBoolean()).isTrue();
        assertThat(hidden.json().path("total_votes").isNull()).isTrue();
        assertThat(titles(hidden.json())).containsExactly("Alpha trails", "Zulu leads");
        assertThat(hidden.json().path("entries")).allSatisfy(entry -> {
            assertThat(entry.path("rank").isNull()).isTrue();
            assertThat(entry.path("votes").isNull()).isTrue();
        });
        assertThat(hidden.header("ETag")).as("the tag tells nothing of votes").isEqualTo(before.header("ETag"));
        assertThat(hidden.header("Cache-Control")).contains("private");
        var sorted = reader.get("/api/v1/contests/%d/songs?sort=votes".formatted(contest.value()));
        assertThat(sorted.status()).isEqualTo(403);
        assertThat(sorted.code()).isEqualTo("counts_hidden");
        boardWith(1, voter, contest);
        assertThat(stage.owner().get(board(contest)).json().path("total_votes").asLong())
                .isEqualTo(1);
        assertThat(reader.get("/api/v1/contests/" + contest.value()).text()).doesNotContain("\"votes\":1");
    }

    @Test
    void hidesCountsUntilTheContestHasClosed() {
        var contest = contest(HideCounts.UNTIL_CLOSED);
        var song = stage.song(contest, "Patience");
        var voter = stage.voter();
        vote(voter, song);
        assertThat(voter.get(board(contest)).json().path("counts_hidden").asBoolean())
                .isTrue();

        stage.database()
                .sql("update contest.contests set end_date = now() where id = :contest")
                .param("contest", contest.value())
                .update();

        boardWith(1, visitor, contest);
    }

    @Test
    void streamsTheBoardWhenItChanged() throws Exception {
        var contest = stage.contest();
        var song = stage.song(contest, "Live");
        var events = new CopyOnWriteArrayList<String>();
        var request = HttpRequest.newBuilder(urvote.address().resolve(board(contest) + "/stream"))
                .build();
        try (var client = HttpClient.newHttpClient()) {
            var stream = client.send(request, BodyHandlers.ofInputStream());
            assertThat(stream.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
            var reading = Thread.ofVirtual()
                    .start(() -> new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))
                            .lines()
                            .filter(line -> line.startsWith("data: "))
                            .forEach(events::add));
            await().atMost(Duration.ofSeconds(5)).until(() -> events.size() == 1);

            vote(stage.voter(), song);

            await().atMost(Duration.ofSeconds(5)).until(() -> events.size() == 2);
            assertThat(events.getLast()).contains("\"total_votes\":1");
            client.shutdownNow();
            reading.interrupt();
        }
    }

    @Test
    void endsAStreamWhenItsCountsAreHidden() throws Exception {
        var contest = stage.contest();
        var song = stage.song(contest, "Curtain");
        var request = HttpRequest.newBuilder(urvote.address().resolve(board(contest) + "/stream"))
                .build();
        try (var client = HttpClient.newHttpClient()) {
            var stream = client.send(request, BodyHandlers.ofInputStream());
            var lines = new CopyOnWriteArrayList<String>();
            var reading = Thread.ofVirtual()
                    .start(() -> new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))
                            .lines()
                            .forEach(lines::add));
            await().atMost(Duration.ofSeconds(5)).until(() -> !lines.isEmpty());

            stage.database()
                    .sql("update contest.contests set settings = settings || '{\"hide_counts\": \"until_closed\"}'"
                            + " where id = :contest")
                    .param("contest", contest.value())
                    .update();
            vote(stage.voter(), song);

            assertThat(reading.join(Duration.ofSeconds(10))).isTrue();
            assertThat(lines).noneMatch(line -> line.contains("\"total_votes\":1"));
        }
    }

    @Test
    void endsTheStreamOfAnAdminWhoWasLocked() throws Exception {
        var contest = contest(HideCounts.UNTIL_CLOSED);
        var song = stage.song(contest, "Secret");
        var admin = Api.admin(urvote, Stage.unique("watcher"));
        try (var watcher = Watcher.of(urvote, contest, admin)) {
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> watcher.lines().stream().anyMatch(line -> line.contains("\"total_votes\":0")));

            Api.admin(urvote, "boss").post("/api/v1/admin/users/%d/acts".formatted(admin.user()), """
                {"act": "lock", "reason": "Told the counts"}
                """);
            vote(stage.voter(), song);

            assertThat(watcher.reading().join(Duration.ofSeconds(5))).isTrue();
            assertThat(watcher.lines()).noneMatch(line -> line.contains("\"total_votes\":1"));
        }
    }

    @Test
    void endsAStreamWhenItsTokenRunsOut() throws Exception {
        var contest = stage.contest();
        try (var brief = RunningUrVote.start(
                        Map.of("URVOTE_DATABASE_URL", urvote.databaseUrl(), "URVOTE_ACCESS_TOKEN_AGE", "10s"));
                var nobody = Watcher.of(brief, contest, visitor);
                var somebody = Watcher.of(brief, contest, Api.signedIn(brief, Stage.unique("brief")))) {
            assertThat(somebody.reading().join(Duration.ofSeconds(20))).isTrue();

            assertThat(somebody.lines()).isNotEmpty();
            assertThat(nobody.reading().isAlive()).isTrue();
        }
    }

    /// Somebody who watches a board live.
    private record Watcher(HttpClient client, List<String> lines, Thread reading) implements AutoCloseable {

        static Watcher of(RunningUrVote node, ContestId contest, Api reader) throws Exception {
            var client = HttpClient.newHttpClient();
            var request = HttpRequest.newBuilder(node.address().resolve(board(contest) + "/stream"));
            if (!reader.token().isEmpty()) {
                request.header("Authorization", "Bearer " + reader.token());
            }
            var stream = client.send(request.build(), BodyHandlers.ofInputStream());
            assertThat(stream.statusCode()).isEqualTo(200);
            var lines = new CopyOnWriteArrayList<String>();
            var reading = Thread.ofVirtual().start(() -> {
                try (var text = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
                    text.lines().forEach(lines::add);
                } catch (IOException | UncheckedIOException e) {
                    // It was broken off instead.
                }
            });
            return new Watcher(client, lines, reading);
        }

        @Override
        public void close() {
            client.shutdownNow();
            client.close();
        }
    }

    @Test
    void showsTheBoardAsAPage() {
        var contest = stage.contest();
        stage.song(contest, "<script>alert(1)</script>");

        var page = visitor.page("/contests/%d/leaderboard".formatted(contest.value()));

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.text())
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
                .doesNotContain("<script>alert");
    }

    @Test
    void refusesLimitsThatAreNone() {
        var contest = stage.contest();

        assertThat(visitor.get(board(contest) + "?limit=0").fields()).containsExactly("limit");
        assertThat(visitor.get(board(contest) + "?limit=201").status()).isEqualTo(422);
        assertThat(visitor.get("/api/v1/contests/999999999/leaderboard").code()).isEqualTo("not_found");
        assertThat(visitor.get("/api/v1/contests/x/leaderboard").status()).isEqualTo(404);
    }

    /// A contest that was filled a moment ago is unknown to the statistics the planner goes by.
    @Test
    void readsEachTallyOnceWhateverTheStatisticsSay() {
        var contest = stage.contest();
        stage.database().sql("analyze contest.songs, contest.song_tallies").update();
        stage.database().sql("""
            insert into contest.songs (client_id, contest_id, title, artist_name, ai_tools_used, external_link,
                                       is_approved, approved_at, artist_id, rights_declared_at,
                                       rights_text_version, entry_number)
            select client_id, id, 'Song ' || n, 'Artist', 'a tool', 'https://www.youtube.com/watch?v=dQw4w9WgXcQ',
                   true, now(), 1, now(), '1', n
              from contest.contests cross join generate_series(1, 300) n
             where id = :contest
            """).param("contest", contest.value()).update();
        stage.database().sql("""
            insert into contest.song_tallies (song_id, shard, n)
            select id, 0, 1 from contest.songs where contest_id = :contest
            """).param("contest", contest.value()).update();
        var before = talliesFetched();

        boardWith(300, visitor, contest);

        await().atMost(Duration.ofSeconds(12)).until(() -> talliesFetched() > before);
        assertThat(talliesFetched() - before).isLessThan(10 * 300);
    }

    private static long talliesFetched() {
        return stage.database()
                .sql("select idx_tup_fetch + seq_tup_read from pg_stat_user_tables where relname = 'song_tallies'")
                .query(Long.class)
                .single();
    }

    @Test
    void goesOnWhileTheDatabaseIsAway() {
        var own = RunningUrVote.start();
        try {
            var elsewhere = new Stage(own);
            var contest = elsewhere.contest();
            var song = elsewhere.song(contest, "Still here");
            vote(elsewhere.voter(), song);
            var late = elsewhere.voter();
            var reader = Api.visitor(own);
            await().atMost(Duration.ofSeconds(2))
                    .until(() -> reader.get(board(contest))
                                    .json()
                                    .path("total_votes")
                                    .asLong()
                            == 1);
            var database = java.net.URI.create(own.databaseUrl()).getPath().substring(1);
            stage.database()
                    .sql("alter database \"%s\" with allow_connections false".formatted(database))
                    .update();
            stage.database()
                    .sql("select pg_terminate_backend(pid) from pg_stat_activity where datname = :database")
                    .param("database", database)
                    .query()
                    .listOfRows();

            assertThat(late.postWith("/api/v1/songs/%d/votes".formatted(song.value()), "")
                            .status())
                    .isEqualTo(503);
            for (var look = 0; look < 20; look++) {
                var answer = reader.get(board(contest));
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.json().path("total_votes").asLong()).isEqualTo(1);
            }
            stage.database()
                    .sql("alter database \"%s\" with allow_connections true".formatted(database))
                    .update();
        } finally {
            own.close();
        }
    }

    @Test
    void hidesCountsOnEveryNodeOnceTheContestSaysSo() {
        var other = RunningUrVote.start(Map.of("URVOTE_DATABASE_URL", urvote.databaseUrl()));
        try {
            var contest = stage.contest();
            vote(stage.voter(), stage.song(contest, "Zulu leads"));
            stage.song(contest, "Alpha trails");
            var readers = List.of(visitor, Api.visitor(other));
            readers.forEach(reader -> reader.get(board(contest)));

            stage.database()
                    .sql("update contest.contests set settings = settings || '{\"hide_counts\": \"until_closed\"}'"
                            + " where id = :contest")
                    .param("contest", contest.value())
                    .update();

            await().atMost(Duration.ofSeconds(2))
                    .untilAsserted(() -> assertThat(readers).allSatisfy(reader -> {
                        var hidden = reader.get(board(contest));
                        assertThat(hidden.json().path("counts_hidden").asBoolean())
                                .isTrue();
                        assertThat(titles(hidden.json())).containsExactly("Alpha trails", "Zulu leads");
                        assertThat(hidden.header("ETag")).doesNotContain("-");
                        assertThat(hidden.header("Cache-Control")).contains("private");
                    }));
        } finally {
            other.close();
        }
    }
}
