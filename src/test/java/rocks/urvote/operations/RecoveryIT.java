package rocks.urvote.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rocks.urvote.testkit.Api;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;

/// A server whose disk is lost comes back as it was at a moment, with what `urvote database archive` prints and what
/// `docs/recovery.md` says.
class RecoveryIT {

    private static final String NOT_HERE =
            "Recovery is not tested: apt install --no-install-recommends postgresql-15 pgbackrest";

    @TempDir
    Path here;

    private final StringWriter out = new StringWriter();
    private ArchivedPostgres server;
    private DatabaseUrl url;

    @BeforeEach
    void start() throws Exception {
        if (!ArchivedPostgres.isPossible()) {
            System.err.println(NOT_HERE);
        }
        assumeTrue(ArchivedPostgres.isPossible(), NOT_HERE);
        server = ArchivedPostgres.start();
        url = server.url("urvote");
        Servers.execute(server.url("postgres"), "create database urvote");
    }

    @AfterEach
    void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void bringsBackAVoteCastSecondsBeforeTheLossAndNoneCastAfterTheMomentAskedFor() throws Exception {
        assertThat(urvote("check")).isZero();
        assertThat(out.toString()).contains("warn archiving: off, so what was written since the last backup goes with");
        server.configure("pgbackrest.conf", archive("--print"));
        server.configure("conf.d/urvote.conf", archive("--print=postgresql"));
        server.end();
        server.begin();
        server.pgbackrest("stanza-create");
        server.pgbackrest("check");
        assertThat(archive()).doesNotContain("set ").contains("ok   archive_mode = on", "ok   archive_timeout = 1s");

        long song;
        String moment;
        try (var urvote = start(url)) {
            var stage = new Stage(urvote);
            song = stage.song(stage.contest(), "Lost and found").value();
            assertThat(vote(urvote, "early", song)).isEqualTo(201);
            server.pgbackrest("--type=full", "backup");
            assertThat(vote(urvote, "ada", song)).isEqualTo(201);
            Thread.sleep(1000);
            moment = now();
            Thread.sleep(1000);
            assertThat(vote(urvote, "bob", song)).isEqualTo(201);
            assertThat(votes(song)).isEqualTo(3);
            archived();
            assertThat(urvote("check")).isZero();
            assertThat(out.toString()).containsPattern("ok   archiving: [0-9A-F]{24} was archived [0-9]+ s ago");
        }
        server.loseTheDisk();

        server.pgbackrest("--type=time", "--target=" + moment, "--target-action=promote", "restore");
        server.begin();
        Awaitility.await("the server is at the moment")
                .atMost(Duration.ofSeconds(60))
                .until(() ->
                        Servers.rows(url, "select pg_is_in_recovery()::text").equals(List.of("false")));

        assertThat(votes(song)).isEqualTo(2);
        Servers.execute(
                url, "update identity.sessions set ended_at = now(), ended_why = 'restored' where ended_at is null");
        try (var urvote = start(url)) {
            assertThat(vote(urvote, "ada", song)).as("her vote is back").isEqualTo(409);
            assertThat(vote(urvote, "bob", song))
                    .as("his is not, so he may vote")
                    .isEqualTo(201);
            assertThat(Servers.rows(url, """
                select sum(n)::text from contest.song_tallies where song_id = %d
                """.formatted(song))).containsExactly("3");
        }
        assertThat(Servers.rows(url, "select name from contest.unguarded_tables"))
                .isEmpty();
        server.pgbackrest("--type=full", "backup");
        assertThat(urvote("check")).isZero();
        assertThat(out.toString()).contains("ok   archiving: 00000002");
    }

    @Test
    void saysInTheCheckThatTheJournalDoesNotGoAnywhere() throws Exception {
        server.configure("conf.d/urvote.conf", archive("--print=postgresql"));
        server.end();
        server.begin();
        Servers.execute(url, "create table notes (text text)", "select pg_switch_wal()");
        Awaitility.await("a failure")
                .atMost(Duration.ofSeconds(60))
                .until(() -> Servers.rows(url, "select (failed_count > 0)::text from pg_stat_archiver")
                        .equals(List.of("true")));

        assertThat(urvote("check")).isZero();

        assertThat(out.toString())
                .containsPattern("warn archiving: [0-9A-F]{24} could not be archived at ")
                .contains("the server's log and 'pgbackrest check' say why");
    }

    @Test
    void printsForALoginThatMayNotSeeWhereTheDataAreAndSetsNothingByIt() throws Exception {
        Servers.execute(url, "create role ada login password 'engine'");
        url = new DatabaseUrl("ada", "engine", url.hosts(), url.name(), Map.of());

        assertThat(archive("--print", "--data-directory=/srv/postgresql")).contains("\npg1-path=/srv/postgresql\n");
        assertThat(urvote("database", "archive", "--data-directory=/srv/postgresql"))
                .isEqualTo(1);
        assertThat(out.toString())
                .contains("Only a superuser may set this PostgreSQL", "'urvote database archive --print=postgresql'");
        assertThat(urvote("check")).isEqualTo(1);
        assertThat(out.toString()).contains("warn archiving: off, ");
    }

    /// What has been written so far, and one word more: a piece without any is not sent before it is full. The word and
    /// the name of its piece are one statement, as the server may begin the next piece at any time.
    private void archived() throws Exception {
        var piece = Servers.rows(url, "select pg_walfile_name(pg_logical_emit_message(true, 'test', 'a word'))")
                .getFirst();
        Awaitility.await("%s is archived".formatted(piece))
                .atMost(Duration.ofSeconds(60))
                .until(() -> Servers.rows(
                                url, "select (last_archived_wal >= '%s')::text from pg_stat_archiver".formatted(piece))
                        .equals(List.of("true")));
    }

    private String now() throws Exception {
        return Servers.rows(url, "select clock_timestamp()::text").getFirst();
    }

    private long votes(long song) throws Exception {
        return Servers.rows(url, "select id::text from contest.votes where song_id = " + song)
                .size();
    }

    private static int vote(RunningUrVote urvote, String who, long song) {
        return Api.signedIn(urvote, who)
                .postWith("/api/v1/songs/%d/votes".formatted(song), "")
                .status();
    }

    private static RunningUrVote start(DatabaseUrl url) {
        return RunningUrVote.start(Map.of("URVOTE_DATABASE_URL", url.withPassword()));
    }

    private String archive(String... options) throws Exception {
        var line = new String[options.length + 5];
        line[0] = "database";
        line[1] = "archive";
        line[2] = "--repository=" + server.repository();
        line[3] = "--config=" + server.etc().resolve("pgbackrest.conf");
        line[4] = "--archive-timeout=1s";
        System.arraycopy(options, 0, line, 5, options.length);
        assertThat(urvote(line)).as(out.toString()).isZero();
        return out.toString();
    }

    private int urvote(String... arguments) throws Exception {
        out.getBuffer().setLength(0);
        var printer = new PrintWriter(out, true);
        var environment = new HashMap<String, String>();
        environment.put("URVOTE_DATABASE_URL", url.withPassword());
        environment.put("URVOTE_DATA_DIR", here.toString());
        return Program.run(Class.forName("rocks.urvote.UrVote"), environment, here, printer, printer, arguments);
    }
}
