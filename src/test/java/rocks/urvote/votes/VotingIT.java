package rocks.urvote.votes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rocks.urvote.contests.ContestId;
import rocks.urvote.contests.ContestSettings;
import rocks.urvote.kernel.UserId;
import rocks.urvote.songs.SongId;
import rocks.urvote.testkit.Api;
import rocks.urvote.testkit.Api.Answer;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;

class VotingIT {

    static RunningUrVote urvote;
    static RunningUrVote secondNode;
    static Stage stage;

    @BeforeAll
    static void twoNodesOnOneDatabase() {
        urvote = RunningUrVote.start(Map.of(
                "URVOTE_TRUSTED_PROXIES", "127.0.0.1,::1",
                "URVOTE_VOTES_PER_VOTER", "1000",
                "URVOTE_VOTE_WRITERS", "2"));
        secondNode = RunningUrVote.start(
                Map.of("URVOTE_DATABASE_URL", urvote.databaseUrl(), "URVOTE_VOTES_PER_VOTER", "1000"));
        stage = new Stage(urvote);
    }

    @AfterAll
    static void stop() {
        secondNode.close();
        urvote.close();
    }

    private static String votes(SongId song) {
        return "/api/v1/songs/%d/votes".formatted(song.value());
    }

    private static Answer vote(Api voter, SongId song, String... headers) {
        return voter.postWith(votes(song), "", headers);
    }

    private static long rows(SongId song) {
        return stage.database()
                .sql("select count(*) from contest.votes where song_id = :song and status = 'counted'")
                .param("song", song.value())
                .query(Long.class)
                .single();
    }

    private static long tally(SongId song) {
        return stage.database()
                .sql("select coalesce(sum(n), 0) from contest.song_tallies where song_id = :song")
                .param("song", song.value())
                .query(Long.class)
                .single();
    }

    private static Map<Integer, Long> statuses(List<Answer> answers) {
        return answers.stream().collect(Collectors.groupingBy(Answer::status, Collectors.counting()));
    }

    @Test
    void receivesAVoteAndSaysWhatIsLeftOfTheDay() {
        var song = stage.song(stage.contest(), "First");

        var answer = vote(stage.voter(), song);

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.json().path("song_id").asLong()).isEqualTo(song.value());
        assertThat(answer.json().path("vote_day").asString())
                .isEqualTo(LocalDate.now(ZoneOffset.UTC).toString());
        assertThat(answer.json().path("votes_left_today").asInt()).isEqualTo(9);
        assertThat(answer.json().propertyNames())
                .containsExactlyInAnyOrder("vote_id", "song_id", "vote_day", "votes_left_today");
        assertThat(rows(song)).isEqualTo(1);
        assertThat(tally(song)).isEqualTo(1);
    }

    @Test
    void keepsWhatItMayNeedAgainstFraud() {
        var song = stage.song(stage.contest(), "Watched");

        stage.voter()
                .postWith(
                        votes(song),
                        "{\"device_fingerprint\": \"abc123\"}",
                        "Content-Type",
                        "application/json",
                        "User-Agent",
                        "Walkman 1.0",
                        "X-Forwarded-For",
                        "203.0.113.9");

        var stored = stage.database()
                .sql("select ip_address, user_agent, device_fingerprint from contest.votes where song_id = :song")
                .param("song", song.value())
                .query()
                .singleRow();
        assertThat(stored)
                .containsEntry("ip_address", "203.0.113.9")
                .containsEntry("user_agent", "Walkman 1.0")
                .containsEntry("device_fingerprint", "abc123");
    }

    @Test
    void storesOneOfSixtyFourIdenticalVotesAtOnce() {
        var song = stage.song(stage.contest(), "Beloved");
        var voter = stage.voter();

        var answers = Stage.atOnce(IntStream.range(0, 64)
                .mapToObj(i -> (Callable<Answer>) () -> vote(voter, song))
                .toList());

        assertThat(statuses(answers)).isEqualTo(Map.of(201, 1L, 409, 63L));
        assertThat(rows(song)).isEqualTo(1);
        assertThat(tally(song)).isEqualTo(1);
    }

    @Test
    void storesTenOfSixtyFourDifferentVotesAtOnce() {
        var contest = stage.contest();
        var songs = IntStream.range(0, 64)
                .mapToObj(i -> stage.song(contest, "Song " + i))
                .toList();
        var voter = stage.voter();

        var answers = Stage.atOnce(songs.stream()
                .map(song -> (Callable<Answer>) () -> vote(voter, song))
                .toList());

        assertThat(statuses(answers)).isEqualTo(Map.of(201, 10L, 429, 54L));
        assertThat(songs.stream().mapToLong(VotingIT::rows).sum()).isEqualTo(10);
        assertThat(songs.stream().mapToLong(VotingIT::tally).sum()).isEqualTo(10);
        assertThat(answers.stream()
                        .filter(answer -> answer.status() == 201)
                        .map(answer -> answer.json().path("votes_left_today").asInt()))
                .containsExactlyInAnyOrder(9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    }

    @Test
    void keepsTheLimitsOnTwoNodesAtOnce() {
        var contest = stage.contest();
        var songs = IntStream.range(0, 32)
                .mapToObj(i -> stage.song(contest, "Song " + i))
                .toList();
        var voter = stage.voter();
        var sameVoterElsewhere = voter.at(secondNode);

        var answers = Stage.atOnce(songs.stream()
                .flatMap(song ->
                        List.<Callable<Answer>>of(() -> vote(voter, song), () -> vote(sameVoterElsewhere, song))
                                .stream())
                .toList());

        assertThat(statuses(answers).get(201)).isEqualTo(10);
        assertThat(statuses(answers).keySet()).isSubsetOf(201, 409, 429);
        assertThat(songs.stream().mapToLong(VotingIT::rows).sum()).isEqualTo(10);
        assertThat(songs.stream().mapToLong(VotingIT::tally).sum()).isEqualTo(10);
    }

    @Test
    void refusesTheSameSongTwiceADay() {
        var song = stage.song(stage.contest(), "Again");
        var voter = stage.voter();
        vote(voter, song);

        var again = vote(voter, song);

        assertThat(again.status()).isEqualTo(409);
        assertThat(again.code()).isEqualTo("already_voted");
        assertThat(again.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void saysWhenTheDayTurnsOnceTheVotesAreUsedUp() {
        var contest = stage.contest(Stage.votesPerDay(1));
        var voter = stage.voter();
        vote(voter, stage.song(contest, "One"));

        var second = vote(voter, stage.song(contest, "Two"));

        assertThat(second.status()).isEqualTo(429);
        assertThat(second.code()).isEqualTo("daily_limit_reached");
        var midnight = LocalDate.now(ZoneOffset.UTC)
                .plusDays(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
        assertThat(Long.parseLong(second.header("Retry-After")))
                .isCloseTo(
                        Duration.between(Instant.now(), midnight).toSeconds(),
                        org.assertj.core.data.Offset.offset(30L));
    }

    @Test
    void countsDaysInTheZoneOfTheContest() {
        var zone = ZoneId.of("Pacific/Kiritimati");
        var defaults = ContestSettings.DEFAULT;
        var song = stage.song(
                stage.contest(new ContestSettings(
                        zone, 10, 1, Set.of(), Set.of(), defaults.hideCounts(), defaults.captcha(), 0, 50, null, null)),
                "Far out");

        var answer = vote(stage.voter(), song);

        assertThat(answer.json().path("vote_day").asString())
                .isEqualTo(LocalDate.now(zone).toString());
    }

    @Test
    void givesTheReasonsInTheirOrder() {
        var closed = stage.contest(
                ContestSettings.DEFAULT,
                Instant.now().minusSeconds(7200),
                Instant.now().minusSeconds(3600));
        var artist = stage.artist();

        assertThat(vote(Api.visitor(urvote), stage.song(closed, "Any")).code()).isEqualTo("sign_in_required");
        assertThat(vote(artist, new SongId(999_999_999)).code()).isEqualTo("song_not_found");
        assertThat(vote(artist, stage.song(closed, "Own, too late")).code()).isEqualTo("voting_closed");
        assertThat(vote(artist, stage.song(stage.contest(), "Own")).code()).isEqualTo("own_song");
    }

    @Test
    void refusesBeforeTheStartAndAfterTheEnd() {
        var upcoming = stage.contest(
                ContestSettings.DEFAULT,
                Instant.now().plusSeconds(3600),
                Instant.now().plusSeconds(7200));

        var early = vote(stage.voter(), stage.song(upcoming, "Early"));

        assertThat(early.status()).isEqualTo(409);
        assertThat(early.code()).isEqualTo("voting_closed");
    }

    @Test
    void knowsNoSongThatIsNotApproved() {
        var answer = vote(stage.voter(), stage.pendingSong(stage.contest(), "Waiting"));

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.code()).isEqualTo("song_not_found");
    }

    @Test
    void letsOnlyVerifiedVotersVoteAndAsksBeforeItSaysNo() {
        var song = stage.song(stage.contest(), "Verified");
        var voter = stage.voter();
        setVerified(voter, false);
        var unverified = Api.signIn(urvote, voter);
        assertThat(vote(unverified, song).code()).isEqualTo("email_not_verified");

        setVerified(voter, true);

        assertThat(vote(unverified, song).status()).isEqualTo(201);
    }

    private static void setVerified(Api voter, boolean verified) {
        stage.database()
                .sql("update identity.users set email_verified = :verified where id = :user")
                .param("verified", verified)
                .param("user", voter.user())
                .update();
    }

    @Test
    void takesVotesOnlyFromTheCountriesAContestAllows() {
        var defaults = ContestSettings.DEFAULT;
        var song = stage.song(
                stage.contest(new ContestSettings(
                        defaults.timeZone(),
                        10,
                        1,
                        Set.of("JP"),
                        Set.of(),
                        defaults.hideCounts(),
                        defaults.captcha(),
                        0,
                        50,
                        null,
                        null)),
                "Only there");

        assertThat(vote(stage.voter(), song, "X-Forwarded-For", "8.8.8.8").code())
                .isEqualTo("not_eligible");
        assertThat(vote(stage.voter(), song).code()).as("nobody knows where").isEqualTo("not_eligible");
        assertThat(vote(stage.voter(), song, "X-Forwarded-For", "133.11.0.1").status())
                .isEqualTo(201);
    }

    @Test
    void believesTheForwardedAddressOnlyOfATrustedProxy() {
        var song = stage.song(stage.contest(), "Forwarded");

        vote(stage.voter().at(secondNode), song, "X-Forwarded-For", "203.0.113.77");

        assertThat(stage.database()
                        .sql("select ip_address from contest.votes where song_id = :song")
                        .param("song", song.value())
                        .query(String.class)
                        .single())
                .isIn("127.0.0.1", "0:0:0:0:0:0:0:1");
    }

    @Test
    void givesTheFirstAnswerAgainForTheSameKey() {
        var contest = stage.contest(Stage.votesPerDay(1));
        var song = stage.song(contest, "Keyed");
        var other = stage.song(contest, "Other");
        var voter = stage.voter();

        var first = vote(voter, song, "Idempotency-Key", "k1");
        var again = vote(voter, song, "Idempotency-Key", "k1");
        var refused = vote(voter, song, "Idempotency-Key", "k2");
        var limited = vote(voter, other, "Idempotency-Key", "k3");

        assertThat(first.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.text()).isEqualTo(first.text());
        assertThat(refused.code()).isEqualTo("already_voted");
        assertThat(vote(voter, song, "Idempotency-Key", "k2").text()).isEqualTo(refused.text());
        assertThat(limited.code()).isEqualTo("daily_limit_reached");
        var limitedAgain = vote(voter, other, "Idempotency-Key", "k3");
        assertThat(limitedAgain.text()).isEqualTo(limited.text());
        assertThat(limitedAgain.header("Retry-After")).isNotEmpty();
        assertThat(rows(song)).isEqualTo(1);
    }

    @Test
    void givesTwoAtOnceWithOneKeyOneAnswer() {
        var song = stage.song(stage.contest(), "Twice at once");
        var voter = stage.voter();

        var answers = Stage.atOnce(IntStream.range(0, 16)
                .mapToObj(i -> (Callable<Answer>) () -> vote(voter, song, "Idempotency-Key", "same"))
                .toList());

        assertThat(answers).extracting(Answer::status).containsOnly(201);
        assertThat(answers)
                .extracting(Answer::text)
                .containsOnly(answers.getFirst().text());
        assertThat(rows(song)).isEqualTo(1);
    }

    @Test
    void refusesAKeyThatCameWithAnotherRequest() {
        var contest = stage.contest();
        var voter = stage.voter();
        var song = stage.song(contest, "Mine");
        vote(voter, song, "Idempotency-Key", "k");

        var otherSong = vote(voter, stage.song(contest, "Not mine"), "Idempotency-Key", "k");
        var otherBody = voter.postWith(
                votes(song),
                "{\"device_fingerprint\": \"x\"}",
                "Content-Type",
                "application/json",
                "Idempotency-Key",
                "k");

        assertThat(otherSong.status()).isEqualTo(422);
        assertThat(otherSong.code()).isEqualTo("idempotency_key_reused");
        assertThat(otherBody.code()).isEqualTo("idempotency_key_reused");
        assertThat(vote(stage.voter(), song, "Idempotency-Key", "k").status())
                .as("a key is one voter's")
                .isEqualTo(201);
    }

    /// However many there are: no statement takes longer than what a chore's may.
    @Test
    void forgetsOldAnswersSomeAtATime() throws Exception {
        var voter = stage.voter();
        stage.database().sql("""
            insert into contest.vote_answers (voter_id, idempotency_key, request_hash, http_status, body, created_at)
            select :voter, 'old-' || n, '', 201, '{}', now() - interval '25 hours'
              from generate_series(1, 25000) n
            """).param("voter", voter.user()).update();
        stage.database()
                .sql("create table public.deletions (by xid8 default pg_current_xact_id())")
                .update();
        stage.database().sql("""
            create function public.note_deletion() returns trigger language plpgsql security definer as $$
            begin
                insert into public.deletions default values;
                return null;
            end
            $$
            """).update();
        stage.database().sql("""
            create trigger note_deletion after delete on contest.vote_answers
                for each statement execute function public.note_deletion()
            """).update();
        try {
            var did = urvote.bean(ForgetOldAnswers.class).run();

            assertThat(did).isEqualTo("25,000 answers to an Idempotency-Key are gone.");
            assertThat(stage.database()
                            .sql("select count(distinct by) from public.deletions")
                            .query(Integer.class)
                            .single())
                    .isEqualTo(3);
        } finally {
            stage.database()
                    .sql("drop trigger note_deletion on contest.vote_answers")
                    .update();
            stage.database().sql("drop function public.note_deletion").update();
            stage.database().sql("drop table public.deletions").update();
        }
    }

    @Test
    void forgetsRefusalsThatPassWithTime() {
        var contest = stage.contest();
        var song = stage.song(contest, "Patience");
        var voter = stage.voter();
        setVotingEnabled(contest, false);
        assertThat(vote(voter, song, "Idempotency-Key", "k").code()).isEqualTo("voting_closed");

        setVotingEnabled(contest, true);

        assertThat(vote(voter, song, "Idempotency-Key", "k").status()).isEqualTo(201);
    }

    private static void setVotingEnabled(ContestId contest, boolean enabled) {
        stage.database()
                .sql("update contest.contests set voting_enabled = :enabled where id = :contest")
                .param("enabled", enabled)
                .param("contest", contest.value())
                .update();
    }

    @Test
    void givesAWithdrawnVotesPlaceBack() {
        var contest = stage.contest(Stage.votesPerDay(1));
        var song = stage.song(contest, "Second thoughts");
        var voter = stage.voter();
        vote(voter, song);

        assertThat(voter.delete(votes(song) + "/today").status()).isEqualTo(204);

        assertThat(rows(song)).isZero();
        assertThat(tally(song)).isZero();
        assertThat(voter.delete(votes(song) + "/today").status()).isEqualTo(404);
        assertThat(vote(voter, stage.song(contest, "Better")).status()).isEqualTo(201);
        assertThat(stage.database()
                        .sql("select status from contest.votes where song_id = :song")
                        .param("song", song.value())
                        .query(String.class)
                        .list())
                .containsExactly("withdrawn");
    }

    @Test
    void staysExactWhileVotesAreCastAndWithdrawnAtOnce() {
        var contest = stage.contest(Stage.votesPerDay(2));
        var songs = List.of(stage.song(contest, "A"), stage.song(contest, "B"), stage.song(contest, "C"));
        var voter = stage.voter();

        Stage.atOnce(IntStream.range(0, 60)
                .mapToObj(i -> (Callable<Integer>) () -> {
                    var song = songs.get(i % 3);
                    return i % 4 == 3
                            ? voter.delete(votes(song) + "/today").status()
                            : vote(voter, song).status();
                })
                .toList());

        assertThat(songs.stream().mapToLong(VotingIT::rows).sum()).isLessThanOrEqualTo(2);
        assertThat(songs).allSatisfy(song -> assertThat(tally(song)).isEqualTo(rows(song)));
    }

    @Test
    void showsVotersTheirOwnVotesAndNobodyElses() {
        var song = stage.song(stage.contest(), "Seen");
        var voter = stage.voter();
        vote(voter, song);

        var mine = voter.get("/api/v1/me/votes").json().path("items");

        assertThat(mine.size()).isEqualTo(1);
        assertThat(mine.get(0).path("song_id").asLong()).isEqualTo(song.value());
        assertThat(mine.get(0).path("status").asString()).isEqualTo("received");
        assertThat(stage.voter().get("/api/v1/me/votes").json().path("items").size())
                .isZero();
    }

    @Test
    void showsAVoidedVoteAndKeepsItsPlace() {
        var contest = stage.contest(Stage.votesPerDay(1));
        var song = stage.song(contest, "Set aside");
        var voter = stage.voter();
        vote(voter, song);
        stage.database()
                .sql("update contest.votes set status = 'void', changed_at = now(), change_reason = 'several"
                        + " accounts, one hand' where song_id = :song")
                .param("song", song.value())
                .update();

        assertThat(vote(voter, song).code()).isEqualTo("already_voted");
        assertThat(voter.get("/api/v1/me/votes")
                        .json()
                        .path("items")
                        .get(0)
                        .path("status")
                        .asString())
                .isEqualTo("void");
        assertThat(voter.delete(votes(song) + "/today").status()).isEqualTo(404);
    }

    @Test
    void countsRefusalsByReason() {
        var contest = stage.contest();
        var song = stage.song(contest, "Refused");
        var voter = stage.voter();
        vote(voter, song);
        vote(voter, song);
        vote(voter, song);

        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(stage.database()
                                .sql("select n from contest.vote_refusals where contest_id = :contest and code ="
                                        + " 'already_voted'")
                                .param("contest", contest.value())
                                .query(Long.class)
                                .optional())
                        .contains(2L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "null",
                "7",
                "\"x\"",
                "{",
                "{\"device_fingerprint\": \"a\"} x",
                "{\"captcha\": \"a\", \"captcha\": \"b\"}"
            })
    void refusesABodyThatIsNoJsonObject(String body) {
        var song = stage.song(stage.contest(), "Malformed");

        var answer = stage.voter().postWith(votes(song), body, "Content-Type", "application/json");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("malformed");
        assertThat(rows(song)).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"device_fingerprint\": 5}",
                "{\"device_fingerprint\": {\"a\": 1}}",
                "{\"fingerprint\": \"a\"}",
                "{\"device_fingerprint\": \"a\\u0000b\"}",
                "{\"device_fingerprint\": \"\\ud800\"}"
            })
    void namesTheFieldThatIsWrong(String body) {
        var song = stage.song(stage.contest(), "Invalid");

        var answer = stage.voter().postWith(votes(song), body, "Content-Type", "application/json");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.code()).isEqualTo("invalid");
        assertThat(answer.fields()).hasSize(1);
        assertThat(rows(song)).isZero();
    }

    @Test
    void refusesKeysThatAreNone() {
        var song = stage.song(stage.contest(), "Keys");

        assertThat(vote(stage.voter(), song, "Idempotency-Key", "x".repeat(201)).status())
                .isEqualTo(422);
        assertThat(vote(stage.voter(), song, "Idempotency-Key", "with space").status())
                .isEqualTo(422);
        assertThat(vote(stage.voter(), song, "Idempotency-Key", "x".repeat(200)).status())
                .isEqualTo(201);
    }

    @Test
    void neverFailsForWantOfAPartition() {
        var month = stage.database()
                .sql("select to_char(now(), 'YYYY_MM')")
                .query(String.class)
                .single();
        var lonely = RunningUrVote.start();
        try {
            var elsewhere = new Stage(lonely);
            elsewhere.database().sql("drop table contest.votes_" + month).update();
            elsewhere.database().sql("drop table contest.ballots_" + month).update();
            var song = elsewhere.song(elsewhere.contest(), "Homeless");

            assertThat(vote(elsewhere.voter(), song).status()).isEqualTo(201);
        } finally {
            lonely.close();
        }
    }

    @Test
    void limitsHowOftenAVoterMayAsk() {
        var strict =
                RunningUrVote.start(Map.of("URVOTE_DATABASE_URL", urvote.databaseUrl(), "URVOTE_VOTES_PER_VOTER", "5"));
        try {
            var song = stage.song(stage.contest(), "Hammered");
            var voter = stage.voter().at(strict);

            var answers = IntStream.range(0, 8).mapToObj(i -> vote(voter, song)).toList();

            assertThat(answers).extracting(Answer::code).contains("rate_limited");
            assertThat(answers.getLast().status()).isEqualTo(429);
            assertThat(answers.getLast().header("Retry-After")).isNotEmpty();
        } finally {
            strict.close();
        }
    }

    @Test
    void countsAHouseholdOfIPv6AsOneAddress() {
        var strict = RunningUrVote.start(Map.of(
                "URVOTE_DATABASE_URL", urvote.databaseUrl(),
                "URVOTE_TRUSTED_PROXIES", "127.0.0.1,::1",
                "URVOTE_VOTES_PER_ADDRESS", "3"));
        try {
            var song = stage.song(stage.contest(), "Many addresses");

            var household = IntStream.range(0, 5)
                    .mapToObj(i -> vote(
                            stage.voter().at(strict), song, "X-Forwarded-For", "2001:db8:0:1:%x::%x".formatted(i, i)))
                    .map(Answer::status)
                    .toList();
            var neighbour = vote(stage.voter().at(strict), song, "X-Forwarded-For", "2001:db8:0:2::1");

            assertThat(household).containsExactly(201, 201, 201, 429, 429);
            assertThat(neighbour.status()).isEqualTo(201);
        } finally {
            strict.close();
        }
    }

    @Test
    void votesFromAPageWithoutScripts() {
        var contest = stage.contest();
        var song = stage.song(contest, "By hand");

        var answer = stage.voter().form("/songs/%d/votes".formatted(song.value()), Map.of());

        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.header("Location")).startsWith("/contests/" + contest.value());
        assertThat(rows(song)).isEqualTo(1);
    }

    @Test
    void neverLetsAnArtistVoteForTheirOwnSongWhoeverEnteredIt() {
        var artist = stage.voter();
        var song = stage.song(stage.contest(), "Mine", new UserId(artist.user()));

        assertThat(vote(artist, song).code()).isEqualTo("own_song");
    }

    @Test
    void tellsMembersTheNumbersAndNobodyElse() {
        var contest = stage.contest();
        var song = stage.song(contest, "Numbers");
        vote(stage.voter(), song, "X-Forwarded-For", "133.11.0.1");
        vote(stage.voter(), song);
        var stats = "/api/v1/contests/%d/stats".formatted(contest.value());

        var seen = stage.owner().get(stats).json();

        assertThat(seen.path("voters").asLong()).isEqualTo(2);
        assertThat(seen.path("by_day").get(0).path("votes").asLong()).isEqualTo(2);
        assertThat(seen.path("by_country")
                        .valueStream()
                        .map(row -> row.path("country").asString("")))
                .containsExactlyInAnyOrder("JP", "");
        assertThat(seen.path("by_outcome").get(0).path("outcome").asString()).isEqualTo("counted");
        assertThat(stage.voter().get(stats).status()).isEqualTo(403);
        assertThat(Api.visitor(urvote).get(stats).status()).isEqualTo(401);
    }
}
