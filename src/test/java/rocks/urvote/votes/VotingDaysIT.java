package rocks.urvote.votes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rocks.urvote.contests.ContestSettings;
import rocks.urvote.songs.SongId;
import rocks.urvote.testkit.Api;
import rocks.urvote.testkit.Api.Answer;
import rocks.urvote.testkit.FakeClockPostgres;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;

/// Days, windows and months by the database's clock, which is set to the moments that matter.
@EnabledIf("rocks.urvote.testkit.FakeClockPostgres#isHere")
@ResourceLock(FakeClockPostgres.LOCK)
class VotingDaysIT {

    static final Instant OPENS = Instant.parse("2027-01-01T00:00:00Z");
    static final Instant CLOSES = Instant.parse("2027-12-31T00:00:00Z");

    static RunningUrVote urvote;
    static Stage stage;

    @BeforeAll
    static void inJanuary2027() {
        FakeClockPostgres.set(Instant.parse("2027-01-15T12:00:00Z"));
        urvote = RunningUrVote.start(
                Map.of("URVOTE_DATABASE_URL", FakeClockPostgres.freshDatabase(), "URVOTE_VOTES_PER_VOTER", "100000"));
        stage = new Stage(urvote);
    }

    @AfterAll
    static void stop() {
        urvote.close();
    }

    @ParameterizedTest(name = "{0}, {1}: {2}")
    @CsvSource({
        "UTC, 2027-02-28, PT24H",
        "Europe/Zurich, 2027-03-28, PT23H",
        "Europe/Zurich, 2027-10-31, PT25H",
        "Australia/Lord_Howe, 2027-04-04, PT24H30M",
        "Australia/Lord_Howe, 2027-10-03, PT23H30M",
        // Midnight is passed over: the day begins at one o'clock.
        "America/Santiago, 2027-09-05, PT23H",
        "Asia/Beirut, 2027-03-28, PT23H",
        // An hour before midnight comes twice.
        "America/Santiago, 2027-04-03, PT25H",
        "Asia/Beirut, 2027-10-30, PT25H",
        "Pacific/Kiritimati, 2027-06-30, PT24H",
        "Pacific/Pago_Pago, 2027-06-30, PT24H"
    })
    void aDayLastsFromMidnightToMidnightWhereTheContestIs(ZoneId zone, LocalDate day, Duration length) {
        var contest = stage.contest(oneVoteADay(zone), OPENS, CLOSES);
        var one = stage.song(contest, "One");
        var two = stage.song(contest, "Two");
        var voter = stage.voter();
        var midnight = day.atStartOfDay(zone).toInstant();
        var next = midnight.plus(length);
        assertThat(next).isEqualTo(day.plusDays(1).atStartOfDay(zone).toInstant());

        FakeClockPostgres.freeze(midnight.minusSeconds(1));
        assertReceived(vote(voter, one), day.minusDays(1));
        assertLimitReached(vote(voter, two), Duration.ofSeconds(1));

        FakeClockPostgres.freeze(midnight);
        assertReceived(vote(voter, one), day);
        assertLimitReached(vote(voter, two), length);

        FakeClockPostgres.freeze(next.minusSeconds(1));
        assertLimitReached(vote(voter, two), Duration.ofSeconds(1));

        FakeClockPostgres.freeze(next);
        assertReceived(vote(voter, two), day.plusDays(1));
    }

    @Test
    void aContestTakesVotesFromItsStartUntilJustBeforeItsEnd() {
        var opens = Instant.parse("2027-07-01T10:00:00Z");
        var closes = Instant.parse("2027-07-31T22:00:00Z");
        var song = stage.song(stage.contest(ContestSettings.DEFAULT, opens, closes), "In time");

        assertThat(voteAt(opens.minusSeconds(1), song).code()).isEqualTo("voting_closed");
        assertThat(voteAt(opens, song).status()).isEqualTo(201);
        assertThat(voteAt(closes.minusSeconds(1), song).status()).isEqualTo(201);
        assertThat(voteAt(closes, song).code()).isEqualTo("voting_closed");
    }

    private static Answer voteAt(Instant moment, SongId song) {
        var voter = stage.voter();
        FakeClockPostgres.freeze(moment);
        return vote(voter, song);
    }

    /// The clock is moved by one of the voters, in the middle of it all: over a month's end, then by a hundred days, to
    /// a month that nobody has prepared.
    @Test
    void losesNothingWhenTheMonthTurnsOrTheClockJumpsUnderLoad() {
        var turn = Instant.parse("2027-05-31T23:59:59.900Z");
        var jump = Instant.parse("2027-09-09T00:00:00Z");
        FakeClockPostgres.set(Instant.parse("2027-05-31T12:00:00Z"));
        var contest = stage.contest(Stage.votesPerDay(1000), OPENS, CLOSES);
        var songs = IntStream.range(0, 150)
                .mapToObj(n -> stage.song(contest, "Song " + n))
                .toList();
        var voters = IntStream.range(0, 8).mapToObj(_ -> stage.voter()).toList();
        var timekeeper = voters.getFirst();

        var answers = Stage.atOnce(voters.stream()
                        .map(voter -> (Callable<List<Answer>>) () -> IntStream.range(0, songs.size())
                                .mapToObj(n -> {
                                    if (voter == timekeeper && n == 40) {
                                        FakeClockPostgres.set(turn);
                                    }
                                    if (voter == timekeeper && n == 100) {
                                        FakeClockPostgres.set(jump);
                                    }
                                    return vote(voter, songs.get(n));
                                })
                                .toList())
                        .toList())
                .stream()
                .flatMap(List::stream)
                .toList();

        assertThat(answers).extracting(Answer::status).isSubsetOf(201, 503).contains(201);
        var received = answers.stream()
                .filter(answer -> answer.status() == 201)
                .map(answer -> "%s|%s"
                        .formatted(
                                answer.json().path("vote_id").asString(),
                                answer.json().path("vote_day").asString()))
                .toList();
        var stored = stage.database()
                .sql("select id || '|' || vote_day from contest.votes where contest_id = :contest")
                .param("contest", contest.value())
                .query((row, _) -> row.getString(1))
                .list();
        assertThat(stored).containsExactlyInAnyOrderElementsOf(received);
        assertThat(stage.database()
                        .sql("""
                            select distinct vote_day::text
                              from contest.votes
                             where contest_id = :contest and vote_day = (created_at at time zone 'UTC')::date
                             order by 1
                            """)
                        .param("contest", contest.value())
                        .query((row, _) -> row.getString(1))
                        .list())
                .containsExactly("2027-05-31", "2027-06-01", "2027-09-09");
        assertThat(stage.database()
                        .sql("""
                            select (select count(*)
                                      from contest.votes
                                     where contest_id = :contest
                                       and vote_day <> (created_at at time zone 'UTC')::date) as of_another_day,
                                   (select count(*)
                                      from (select song_id, count(*) as n from contest.votes group by song_id) counted
                                      full join (select song_id, sum(n) as n from contest.song_tallies group by song_id) tallied
                                     using (song_id)
                                     where counted.n is distinct from tallied.n) as miscounted
                            """)
                        .param("contest", contest.value())
                        .query()
                        .singleRow())
                .isEqualTo(Map.of("of_another_day", 0L, "miscounted", 0L));
    }

    private static ContestSettings oneVoteADay(ZoneId zone) {
        var defaults = ContestSettings.DEFAULT;
        return new ContestSettings(
                zone, 1, 1, Set.of(), Set.of(), defaults.hideCounts(), defaults.captcha(), 0, 50, null, null);
    }

    private static Answer vote(Api voter, SongId song) {
        return voter.post("/api/v1/songs/%d/votes".formatted(song.value()));
    }

    private static void assertReceived(Answer answer, LocalDate on) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(answer.json().path("vote_day").asString()).isEqualTo(on.toString());
    }

    private static void assertLimitReached(Answer answer, Duration untilMidnight) {
        assertThat(answer.code()).as(answer.text()).isEqualTo("daily_limit_reached");
        assertThat(answer.header("Retry-After")).isEqualTo(Long.toString(untilMidnight.toSeconds()));
    }
}
