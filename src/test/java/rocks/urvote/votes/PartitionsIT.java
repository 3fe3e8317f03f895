package rocks.urvote.votes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rocks.urvote.contests.ContestId;
import rocks.urvote.contests.ContestSettings;
import rocks.urvote.operations.Program;
import rocks.urvote.songs.SongId;
import rocks.urvote.testkit.Api;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;

/// Months of votes are listed, detached, archived and brought back, beside a UrVote that serves.
class PartitionsIT {

    @TempDir
    static Path folder;

    static RunningUrVote urvote;
    static Stage stage;
    static int monthsAgo = 8;

    YearMonth month;
    ContestId contest;
    SongId loved;
    SongId liked;
    String output = "";

    @BeforeAll
    static void serve() {
        urvote = RunningUrVote.start(Map.of("URVOTE_VOTES_PER_VOTER", "1000000"));
        stage = new Stage(urvote);
    }

    @AfterAll
    static void stop() {
        urvote.close();
    }

    /// Each test has a month of its own, long ago, with three counted votes for one song, two for another, and one
    /// that was withdrawn.
    @BeforeEach
    void votesOfLongAgo() {
        month = YearMonth.now(ZoneOffset.UTC).minusMonths(monthsAgo++);
        contest = stage.contest(
                ContestSettings.DEFAULT,
                month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant(),
                month.atEndOfMonth().atStartOfDay(ZoneOffset.UTC).toInstant());
        loved = stage.song(contest, "Loved");
        liked = stage.song(contest, "Liked");
        rows("select contest.make_votes_partition('%s')".formatted(month.atDay(1)));
        for (var voter = 1; voter <= 6; voter++) {
            stored(voter <= 3 ? loved : liked, 1_000_000 + voter, voter == 6 ? "withdrawn" : "counted");
        }
        sql("insert into contest.song_tallies (song_id, shard, n, changes) values (%d, -1, 3, 3), (%d, -1, 2, 2)"
                .formatted(loved.value(), liked.value()));
    }

    private void stored(SongId song, long voter, String status) {
        var day = month.atDay(15);
        sql("""
            insert into contest.votes (song_id, voter_id, contest_id, vote_day, status, changed_at, user_agent, fraud_flags, created_at)
            values (%d, %d, %d, '%s', '%s', '%s 12:00:00.123456+00', E'Walk"man,\\n''1.0', '{"a": [1, null]}', '%s 11:00+00')
            """.formatted(song.value(), voter, contest.value(), day, status, day, day));
        sql("""
            insert into contest.ballots (contest_id, voter_id, vote_day, lim, n, added, songs)
            values (%d, %d, '%s', 10, 1, 1, array[%d]::bigint[])
            """.formatted(contest.value(), voter, day, song.value()));
    }

    @Test
    void listsTheMonthsAndSaysThatTalliesEqualARecount() {
        assertThat(run("partitions")).as(output).isZero();

        assertThat(line(month)).contains("attached", "6").endsWith("may be detached");
        assertThat(line(YearMonth.now(ZoneOffset.UTC))).endsWith("may still receive votes");
        assertThat(output).endsWith("Tallies equal a recount.\n");
    }

    /// Whenever the chore ran last.
    @Test
    void makesAMonthThatIsMissingWhenANodeStarts() {
        var ahead = YearMonth.now(ZoneOffset.UTC).plusMonths(3).toString().replace('-', '_');
        for (var table : List.of("votes", "ballots")) {
            sql("drop table contest.%s_%s".formatted(table, ahead));
        }

        try (var _ = RunningUrVote.start(Map.of("URVOTE_DATABASE_URL", urvote.databaseUrl()))) {
            for (var table : List.of("votes", "ballots")) {
                assertThat(rows("select to_regclass('contest.%s_%s') is not null".formatted(table, ahead)))
                        .as(table)
                        .containsExactly("(t)");
            }
        }
    }

    @Test
    void namesTheSongsWhoseTallyIsWrong() {
        sql("update contest.song_tallies set n = n + 1 where shard = -1 and song_id = " + loved.value());

        assertThat(run("partitions")).isEqualTo(1);

        assertThat(output).contains("The tally of song %d is 4, but a recount gives 3.".formatted(loved.value()));
        sql("update contest.song_tallies set n = n - 1 where shard = -1 and song_id = " + loved.value());
    }

    @Test
    void onlySaysWhatItWouldDoWithoutYes() {
        assertThat(run("partitions", "detach", month.toString())).isZero();
        assertThat(output).contains("would be detached", "--yes");
        assertThat(run("partitions", "archive", month.toString())).isZero();
        assertThat(output).contains("would be written to", "--yes");

        assertThat(attached(month)).isTrue();
        assertThat(archives()).isEmpty();
        detach();
        assertThat(run("partitions", "attach", month.toString())).isZero();
        assertThat(output).contains("would be attached", "--yes");
        assertThat(attached(month)).isFalse();
    }

    @Test
    void callsWrongUsageByItsNumber() {
        for (var wrong : List.of(
                "partitions detach",
                "partitions detach 2027-13",
                "partitions detach --yes",
                "partitions delete 2027-01",
                "partitions archive yesterday --yes",
                "partitions attach")) {
            assertThat(run(wrong.split(" "))).as(wrong).isEqualTo(2);
        }
        assertThat(run("partitions", "attach", "no-such-file", "--yes")).isEqualTo(1);
        assertThat(output).contains("neither a month like 2027-01 nor a file");
    }

    @Test
    void keepsAMonthWhoseContestsAreNotAllClosedForNinetyDays() {
        sql("update contest.contests set end_date = now() - interval '89 days 23 hours' where id = " + contest.value());
        assertThat(run("partitions", "detach", month.toString(), "--yes")).isEqualTo(1);
        assertThat(output).contains("Stage / Contest ", "closed only on");
        assertThat(run("partitions", "archive", month.toString(), "--yes")).isEqualTo(1);
        assertThat(run("partitions", "detach", month.toString())).isEqualTo(1);

        sql("update contest.contests set end_date = now() + interval '1 day' where id = " + contest.value());
        assertThat(run("partitions", "detach", month.toString(), "--yes")).isEqualTo(1);
        assertThat(output).contains("is not closed before");
        assertThat(run("partitions")).isZero();
        assertThat(line(month)).endsWith("stays: 1 open, 0 closed less than 90 days ago");
        assertThat(attached(month)).isTrue();

        sql("update contest.contests set end_date = now() - interval '90 days 1 minute' where id = " + contest.value());
        detach();
    }

    @Test
    void keepsTheMonthsThatVotesMayStillComeTo() {
        for (var ahead : List.of(-1, 0, 3)) {
            var needed = YearMonth.now(ZoneOffset.UTC).plusMonths(ahead);
            assertThat(run("partitions", "detach", needed.toString(), "--yes")).isEqualTo(1);
            assertThat(output).contains("may still receive votes");
        }
        assertThat(run("partitions", "detach", "1999-01", "--yes")).isEqualTo(1);
        assertThat(output).contains("There is no month 1999-01");
    }

    @Test
    void countsADetachedMonthAndPutsItBackAsItWas() {
        var board = board();
        var rows = everything();

        detach();

        assertThat(rows("select * from contest.votes where contest_id = " + contest.value()))
                .isEmpty();
        assertThat(board()).isEqualTo(board);
        assertThat(archivedTallies())
                .containsExactly("(%d,3)".formatted(loved.value()), "(%d,2)".formatted(liked.value()));
        assertNothingUnguarded();
        assertThat(run("partitions")).as(output).isZero();
        assertThat(line(month)).contains("detached", "6").endsWith("may be archived or attached");
        assertThat(run("partitions", "detach", month.toString(), "--yes")).isEqualTo(1);
        assertThat(output).contains("detached already");

        assertThat(run("partitions", "attach", month.toString(), "--yes"))
                .as(output)
                .isZero();

        assertThat(everything()).isEqualTo(rows);
        assertThat(board()).isEqualTo(board);
        assertThat(archivedTallies()).isEmpty();
        assertNothingUnguarded();
        assertThat(run("partitions")).as(output).isZero();
        assertThat(run("partitions", "attach", month.toString(), "--yes")).isEqualTo(1);
        assertThat(output).contains("attached already");
    }

    /// Whatever the planner begins with: with many months that is all tables, most of which are no month.
    @Test
    void votesForgetAlsoWithTheMonthsOfTenYears() {
        rows("select contest.make_votes_partition((date '2000-01-01' + make_interval(months => n))::date)"
                + " from generate_series(1, 120) n");
        sql("analyze pg_class, pg_inherits");

        forget();

        assertThat(traces()).isEmpty();
    }

    /// A month that comes back has addresses again, which a chore that is at work meanwhile does not see.
    @Test
    void whatIsPutBackWhileVotesForgetForgetsToo() throws Exception {
        detach();
        sql("""
            insert into contest.votes (song_id, voter_id, contest_id, vote_day, status, changed_at, user_agent)
            values (%d, 1000007, %d, current_date, 'withdrawn', now(), 'Held')
            """.formatted(loved.value(), contest.value()));
        CompletableFuture<Void> forgetting;
        try (var reader = stage.connection();
                var owner = stage.connection();
                var statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            owner.setAutoCommit(false);
            statement.execute("select from contest.votes where voter_id = 1000007 for update");
            forgetting = CompletableFuture.runAsync(PartitionsIT::forget, Thread::startVirtualThread);
            await().until(() -> !rows("select 1 from pg_stat_activity where wait_event_type = 'Lock'"
                            + " and datname = current_database()")
                    .isEmpty());

            new Months(owner).attach(new Month(month));
            owner.commit();
            reader.rollback();
        }
        forgetting.join();
        assertThat(traces()).hasSize(6);

        forget();

        assertThat(traces()).isEmpty();
    }

    private static void forget() {
        try {
            urvote.bean(ForgetTraces.class).run();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> traces() {
        return rows("select id from contest.votes where user_agent is not null and contest_id = " + contest.value());
    }

    @Test
    void putsNoMonthBackThatCountsOtherwiseThanWasRemembered() {
        detach();
        sql("update contest.votes_%s set status = 'void' where voter_id = 1000001".formatted(suffix()));

        assertThat(run("partitions", "attach", month.toString(), "--yes")).isEqualTo(1);

        assertThat(output).contains("song %d counts 2 there, but 3 were archived".formatted(loved.value()));
        assertThat(attached(month)).isFalse();
        assertNothingUnguarded();
        assertThat(run("partitions", "archive", month.toString(), "--yes")).isEqualTo(1);
        assertThat(archives()).isEmpty();
    }

    @Test
    void archivesAMonthAndBringsItBackFromItsFile() {
        var board = board();
        var rows = everything();

        assertThat(run("partitions", "archive", month.toString(), "--yes"))
                .as(output)
                .isZero();

        assertThat(output).contains("6 votes and 6 ballots");
        assertThat(archives()).containsExactly("votes_%s.zip".formatted(month));
        assertThat(rows("select relname from pg_class where relname like '%" + suffix() + "%'"))
                .isEmpty();
        assertThat(board()).isEqualTo(board);
        assertThat(run("partitions")).as(output).isZero();
        assertThat(run("partitions", "attach", month.toString(), "--yes")).isEqualTo(1);
        assertThat(output).contains("if it was archived, give its file");
        assertThat(run("partitions", "attach", archive().toString())).isZero();
        assertThat(output).contains("would be attached");

        assertThat(run("partitions", "attach", archive().toString(), "--yes"))
                .as(output)
                .isZero();

        assertThat(everything()).isEqualTo(rows);
        assertThat(board()).isEqualTo(board);
        assertThat(archivedTallies()).isEmpty();
        assertNothingUnguarded();
        assertThat(guards(month)).isEqualTo(guards(YearMonth.now(ZoneOffset.UTC)));
        assertThat(run("partitions", "attach", archive().toString(), "--yes")).isEqualTo(1);
        assertThat(output).contains("in the database already");

        assertThat(run("partitions", "archive", month.toString(), "--yes"))
                .as(output)
                .isZero();
        assertThat(archives()).containsExactly("votes_%s.zip".formatted(month), "votes_%s_2.zip".formatted(month));
    }

    @Test
    void takesNoArchiveThatWasTouched() throws IOException {
        run("partitions", "archive", month.toString(), "--yes");
        var file = archive();
        var touched = folder.resolve("touched_%s.zip".formatted(month));
        Files.copy(file, touched);
        try (var zip = FileSystems.newFileSystem(touched)) {
            var votes = zip.getPath("votes.csv");
            Files.writeString(votes, Files.readString(votes).replaceFirst("withdrawn", "counted"));
        }
        var cut = Files.write(folder.resolve("cut_%s.zip".formatted(month)), half(Files.readAllBytes(file)));

        assertThat(run("partitions", "attach", touched.toString(), "--yes")).isEqualTo(1);
        assertThat(output).contains("no archive that could be trusted", "its votes are not those that were written");
        assertThat(run("partitions", "attach", cut.toString(), "--yes")).isEqualTo(1);
        assertThat(output).contains("no archive that could be trusted");

        assertThat(rows("select relname from pg_class where relname like '%" + suffix() + "%'"))
                .isEmpty();
        assertThat(run("partitions", "attach", file.toString(), "--yes"))
                .as(output)
                .isZero();
    }

    private static byte[] half(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length / 2);
    }

    @Test
    void votingGoesOnMeanwhile() {
        var open = stage.contest(Stage.votesPerDay(1000));
        var songs = IntStream.range(0, 40)
                .mapToObj(n -> stage.song(open, "Song " + n))
                .toList();
        var voters = IntStream.range(0, 4).mapToObj(_ -> stage.voter()).toList();
        var moved = new AtomicBoolean();
        var voting = CompletableFuture.supplyAsync(
                () -> Stage.atOnce(voters.stream()
                        .map(voter -> (Callable<Tried>) () -> voteUntil(moved, voter, songs))
                        .toList()),
                Thread::startVirtualThread);

        for (var step : List.of("detach", "attach", "detach", "archive")) {
            assertThat(run("partitions", step, month.toString(), "--yes"))
                    .as(output)
                    .isZero();
        }
        assertThat(run("partitions", "attach", archive().toString(), "--yes"))
                .as(output)
                .isZero();
        moved.set(true);
        var tried = voting.join();

        assertThat(tried).allSatisfy(each -> {
            assertThat(each.refused()).isEmpty();
            assertThat(each.received()).isEqualTo(songs.size());
            assertThat(each.longest()).isLessThan(Duration.ofSeconds(5));
        });
        assertThat(rows("select 1 from contest.votes where contest_id = " + open.value()))
                .hasSize(tried.stream().mapToInt(Tried::received).sum());
        assertThat(run("partitions")).as(output).isZero();
    }

    /// A second vote for the same song is refused, but only by the ballot.
    private record Tried(int received, Duration longest, List<Integer> refused) {}

    private static Tried voteUntil(AtomicBoolean moved, Api voter, List<SongId> songs) {
        var received = 0;
        var longest = Duration.ZERO;
        var refused = new ArrayList<Integer>();
        for (var n = 0; !moved.get(); n++) {
            var song = songs.get(n % songs.size());
            var begun = Instant.now();
            var status = voter.postWith("/api/v1/songs/%d/votes".formatted(song.value()), "")
                    .status();
            var took = Duration.between(begun, Instant.now());
            longest = took.compareTo(longest) > 0 ? took : longest;
            if (status == 201) {
                received++;
            } else if (status != 409) {
                refused.add(status);
            }
        }
        return new Tried(received, longest, refused);
    }

    @Test
    void waitsItsTurnWhenSomebodyReads() throws Exception {
        try (var reader = stage.connection();
                var statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("select count(*) from contest.votes");

            var detaching = CompletableFuture.supplyAsync(
                    () -> run("partitions", "detach", month.toString(), "--yes"), Thread::startVirtualThread);
            await().until(() ->
                    !rows("select 1 from pg_locks l join pg_database d on d.oid = l.database where d.datname"
                                    + " = current_database() and not l.granted and l.mode = 'AccessExclusiveLock'")
                            .isEmpty());
            var open = stage.contest();
            var vote = stage.voter()
                    .postWith(
                            "/api/v1/songs/%d/votes"
                                    .formatted(stage.song(open, "Now").value()),
                            "");

            assertThat(vote.status()).isEqualTo(201);
            reader.rollback();
            assertThat(detaching.join()).as(output).isZero();
        }
    }

    private void detach() {
        assertThat(run("partitions", "detach", month.toString(), "--yes"))
                .as(output)
                .isZero();
        assertThat(attached(month)).isFalse();
    }

    private String suffix() {
        return month.toString().replace('-', '_');
    }

    private static boolean attached(YearMonth month) {
        return !rows("select 1 from pg_class where relispartition and relname = 'votes_%s'"
                        .formatted(month.toString().replace('-', '_')))
                .isEmpty();
    }

    private List<String> everything() {
        return rows("""
            select v::text as line from contest.votes v where contest_id = %1$d
             union all
            select b::text from contest.ballots b where contest_id = %1$d
             order by 1
            """.formatted(contest.value()));
    }

    private List<String> archivedTallies() {
        return rows("select song_id, n from contest.archived_tallies where month = '%s' order by n desc"
                .formatted(month.atDay(1)));
    }

    private String board() {
        return Api.visitor(urvote)
                .get("/api/v1/contests/%d/leaderboard".formatted(contest.value()))
                .json()
                .path("items")
                .toString();
    }

    /// What stands between a month's tables and everybody.
    private static List<String> guards(YearMonth month) {
        var suffix = month.toString().replace('-', '_');
        return rows("""
            select replace(c.relname, '%s', '') as name, relrowsecurity, relforcerowsecurity, relacl is null as ungranted,
                   pg_get_userbyid(relowner) as owner,
                   (select array_agg(replace(pg_get_constraintdef(o.oid), '%s', '') order by o.contype, pg_get_constraintdef(o.oid))::text
                      from pg_constraint o where o.conrelid = c.oid) as constraints,
                   (select count(*) from pg_index i where i.indrelid = c.oid) as indexes
              from pg_class c
             where relname in ('votes_%s', 'ballots_%s')
             order by 1
            """.formatted(suffix, suffix, suffix, suffix));
    }

    private static void assertNothingUnguarded() {
        assertThat(rows("select * from contest.unguarded_tables")).isEmpty();
    }

    private List<String> archives() {
        try (var files = Files.list(backups())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("votes_" + month))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path archive() {
        return backups().resolve(archives().getLast());
    }

    private static Path backups() {
        return folder.resolve("backups");
    }

    private String line(YearMonth month) {
        return output.lines()
                .filter(line -> line.startsWith(month.toString()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(month + " is not in: " + output));
    }

    private int run(String... arguments) {
        var out = new StringWriter();
        var printer = new PrintWriter(out, true);
        try {
            return Program.run(
                    Class.forName("rocks.urvote.UrVote"),
                    Map.of(
                            "URVOTE_DATABASE_URL",
                            urvote.databaseUrl(),
                            "URVOTE_DATA_DIR",
                            folder.toString(),
                            "URVOTE_BACKUPS",
                            backups().toString()),
                    folder,
                    printer,
                    printer,
                    arguments);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("The program is rocks.urvote.UrVote", e);
        } finally {
            output = out.toString();
        }
    }

    private static void sql(String sql) {
        stage.database().sql(sql).update();
    }

    private static List<String> rows(String sql) {
        return stage.database()
                .sql("select each::text from (" + sql + ") each")
                .query((row, _) -> row.getString(1))
                .list();
    }
}
