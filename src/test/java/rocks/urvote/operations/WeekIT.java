package rocks.urvote.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.jdbc.core.simple.JdbcClient;
import rocks.urvote.FastClock;
import rocks.urvote.contests.ContestId;
import rocks.urvote.contests.ContestSettings;
import rocks.urvote.songs.SongId;
import rocks.urvote.testkit.Api;
import rocks.urvote.testkit.FakeClockPostgres;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;

/// A week of two nodes on one database, over the end of a month, with every clock turned fast.
@EnabledIf("rocks.urvote.testkit.FakeClockPostgres#isHere")
@ResourceLock(FakeClockPostgres.LOCK)
class WeekIT {

    private static final Instant BEGINS = Instant.parse("2027-02-25T00:10:00Z");
    private static final Duration STEP = Duration.ofMinutes(65);
    private static final int STEPS = (int) (Duration.ofDays(7).dividedBy(STEP) + 1);

    @TempDir
    static Path backups;

    private static RunningUrVote one;
    private static RunningUrVote other;
    private static Stage stage;
    private static JdbcClient database;

    private record Run(long id, String chore, String node, Instant startedAt, String outcome, String note) {}

    private final Map<Long, Run> runs = new TreeMap<>();

    @BeforeAll
    static void start() {
        var url = FakeClockPostgres.freshDatabase();
        FastClock.set(BEGINS);
        var settings = new HashMap<>(Map.of(
                "URVOTE_DATABASE_URL",
                url,
                "URVOTE_CODES_PER_ADDRESS",
                "100000",
                "URVOTE_BACKUPS",
                backups.toString(),
                "URVOTE_BACKUP_HOUR",
                Integer.toString(BEGINS.atZone(ZoneId.systemDefault()).getHour()),
                "URVOTE_BACKUP_DAYS",
                "3",
                "URVOTE_BACKUP_MONTHS",
                "2"));
        one = RunningUrVote.start(FastClock.class, settings);
        other = RunningUrVote.start(FastClock.class, settings);
        stage = new Stage(one);
        database = stage.database();
    }

    @AfterAll
    static void stop() {
        other.close();
        one.close();
    }

    @Test
    void everyChoreRunsWhenItIsDueOnceOnOneOfTheNodes() {
        var running = contest(BEGINS.minus(Duration.ofDays(1)), BEGINS.plus(Duration.ofDays(30)));
        var ending = contest(BEGINS.minus(Duration.ofDays(1)), BEGINS.plus(Duration.ofDays(3)));
        var old = contest(BEGINS.minus(Duration.ofDays(30)), BEGINS.plus(Duration.ofDays(1)));
        var liked = stage.song(running, "Liked");
        var fleeting = stage.song(ending, "Fleeting");
        var past = stage.song(old, "Past");
        var voters = List.of(stage.voter(), stage.voter(), stage.voter());
        voters.forEach(voter -> vote(voter, past));
        var leaving = stage.voter();
        vote(leaving, fleeting);
        assertThat(leaving.delete("/api/v1/me").status()).isEqualTo(202);
        // It has been over for 87 days.
        database.sql("update contest.contests set start_date = cast(:end as timestamptz) - interval '30 days',"
                        + " end_date = :end where id = :contest")
                .param("end", Timestamp.from(BEGINS.minus(Duration.ofDays(87))))
                .param("contest", old.value())
                .update();
        leaveThingsThatRunOut();
        var addressesBefore = addresses(old);

        var votes = 0;
        for (int step = 1; step <= STEPS; step++) {
            FastClock.set(BEGINS.plus(STEP.multipliedBy(step)));
            everyoneLooks();
            if (step % 22 == 0) {
                votes += voteAnew(liked);
                collect();
            }
            if (step == 44) {
                assertThat(addresses(old))
                        .as("two days in")
                        .isEqualTo(addressesBefore)
                        .isEqualTo(3);
                assertThat(erasures()).isEqualTo(1);
            }
        }
        collect();

        assertThat(votes).isEqualTo(2 * 7);
        assertRegular();
        assertThat(runs.values())
                .allSatisfy(run -> assertThat(run.outcome()).as(run.toString()).isEqualTo("done"));
        assertThat(runs.values().stream().map(Run::node).distinct()).hasSize(2);
        assertBackedUpEachDay();
        assertThat(months()).contains("2027_05", "2027_06").doesNotContain("2027_07");
        assertThat(addresses(old)).isZero();
        assertThat(addresses(running)).isEqualTo(14);
        assertThat(erasures()).isZero();
        assertThat(thingsThatRanOut()).isEqualTo("0 codes, 0 links, 0 tokens, 0 sessions, 0 answers");
        assertThat(database.sql("""
            select (select count(*) from contest.votes) || ' votes, '
                   || (select count(*)
                         from (select song_id, count(*) as n from contest.votes where status = 'counted' group by song_id) counted
                         full join (select song_id, sum(n) as n from contest.song_tallies group by song_id) tallied
                        using (song_id)
                        where counted.n is distinct from tallied.n)
                   || ' miscounted'
            """).query(String.class).single())
                .isEqualTo("%d votes, 0 miscounted".formatted(3 + 1 + 14));
    }

    /// At once, as two nodes do.
    private static void everyoneLooks() {
        Stage.atOnce(List.of(one, other).stream()
                .map(node -> (Callable<Boolean>) () -> {
                    Thread.sleep(ThreadLocalRandom.current().nextInt(5));
                    node.bean(Chores.class).beginDue();
                    return true;
                })
                .toList());
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofMinutes(3))
                .until(() -> one.bean(Chores.class).idle()
                        && other.bean(Chores.class).idle());
    }

    /// What is on record by now: the oldest leave the log in time.
    private void collect() {
        for (var schema : List.of("identity", "contest", "media")) {
            database.sql("select id, chore, node, started_at, outcome, note from %s.chore_runs order by id"
                            .formatted(schema))
                    .query((row, _) -> new Run(
                            row.getLong("id"),
                            row.getString("chore"),
                            row.getString("node"),
                            row.getTimestamp("started_at").toInstant(),
                            row.getString("outcome"),
                            row.getString("note")))
                    .list()
                    .forEach(run -> runs.put(schema.hashCode() * 1_000_000L + run.id(), run));
        }
    }

    /// From each run to the next as long as its schedule says, and as late as a look comes after that.
    private void assertRegular() {
        var of = new TreeMap<String, List<Instant>>();
        runs.values()
                .forEach(run ->
                        of.computeIfAbsent(run.chore(), _ -> new ArrayList<>()).add(run.startedAt()));
        var end = BEGINS.plus(STEP.multipliedBy(STEPS));
        for (var chore : one.bean(Chores.class).all()) {
            var starts =
                    of.getOrDefault(chore.name(), List.of()).stream().sorted().toList();
            assertThat(starts).as(chore.name()).hasSizeGreaterThanOrEqualTo(7);
            for (int n = 0; n < starts.size(); n++) {
                var due = chore.schedule().after(starts.get(n));
                if (n + 1 < starts.size()) {
                    assertThat(starts.get(n + 1))
                            .as("%s after %s", chore.name(), starts.get(n))
                            .isBetween(due, due.plus(STEP).plusSeconds(30));
                } else {
                    assertThat(due.plus(STEP))
                            .as("the next of %s", chore.name())
                            .isAfter(end.minusSeconds(1));
                }
            }
        }
    }

    /// Once on one of the nodes; the last three are left, and the first of each month before them.
    private void assertBackedUpEachDay() {
        var names = runs.values().stream()
                .filter(run -> run.chore().equals("daily backup"))
                .map(run -> run.note().replaceFirst(" is made and proved; .*", ""))
                .toList();
        assertThat(names.stream().map(name -> name.replaceFirst("urvote_([0-9]+)_.*", "$1")))
                .containsExactlyInAnyOrder(
                        "20270225", "20270226", "20270227", "20270228", "20270301", "20270302", "20270303", "20270304");
        try (var files = Files.list(backups)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(file -> file.endsWith(".dump"))
                            .toList())
                    .containsExactlyInAnyOrderElementsOf(names.stream()
                            .filter(name -> name.matches("urvote_2027(0225|0301|0302|0303|0304)_.*"))
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ContestId contest(Instant opens, Instant closes) {
        return stage.contest(ContestSettings.DEFAULT, opens, closes);
    }

    private static void vote(Api voter, SongId song) {
        var answer = voter.post("/api/v1/songs/%d/votes".formatted(song.value()), "{}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    }

    /// By somebody at each node.
    private static int voteAnew(SongId song) {
        var voter = stage.voter();
        vote(voter, song);
        vote(stage.voter().at(other), song);
        return 2;
    }

    private static void leaveThingsThatRunOut() {
        var user = stage.voter().user();
        for (var sql : List.of(
                "insert into identity.sign_in_codes (email, email_folded, code_hash, expires_at) values"
                        + " ('a@example.org', 'a@example.org', 'x', now())",
                "insert into identity.password_resets (token_hash, user_id, email, expires_at) values ('x', %d,"
                        + " 'a@example.org', now())",
                "insert into identity.sessions (id, user_id, rotation_key, started_at, ended_at, ended_why) values"
                        + " (gen_random_uuid(), %d, '', now() - interval '60 days', now() - interval '28 days',"
                        + " 'signed_out')",
                "insert into identity.refresh_tokens (token_hash, session_id, expires_at) select 'x', id, now() from"
                        + " identity.sessions where ended_at is not null limit 1",
                "insert into contest.vote_answers (voter_id, idempotency_key, request_hash, http_status, body) values"
                        + " (%d, 'x', 'x', 201, '')")) {
            database.sql(sql.formatted(user)).update();
        }
    }

    private static String thingsThatRanOut() {
        return database.sql("""
            select (select count(*) from identity.sign_in_codes where email = 'a@example.org') || ' codes, '
                   || (select count(*) from identity.password_resets where token_hash = 'x') || ' links, '
                   || (select count(*) from identity.refresh_tokens where token_hash = 'x') || ' tokens, '
                   || (select count(*) from identity.sessions where rotation_key = '') || ' sessions, '
                   || (select count(*) from contest.vote_answers where idempotency_key = 'x') || ' answers'
            """).query(String.class).single();
    }

    private static int addresses(ContestId contest) {
        return database.sql("select count(ip_address) from contest.votes where contest_id = :contest")
                .param("contest", contest.value())
                .query(Integer.class)
                .single();
    }

    private static int erasures() {
        return database.sql("select count(*) from identity.erasures")
                .query(Integer.class)
                .single();
    }

    private static List<String> months() {
        return database.sql("select right(relname, 7) from pg_class where relname ~ '^votes_2027_[0-9]{2}$' order by 1")
                .query((row, _) -> row.getString(1))
                .list();
    }
}
