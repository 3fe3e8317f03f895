package rocks.urvote.contests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import rocks.urvote.contests.ContestSettings.HideCounts;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;

/// What a node remembers of contests, and how it hears that it is no longer so.
class LiveContestsIT {

    static RunningUrVote urvote;
    static Stage stage;
    static LiveContests live;

    @BeforeAll
    static void start() {
        urvote = RunningUrVote.start();
        stage = new Stage(urvote);
        live = urvote.bean(LiveContests.class);
    }

    @AfterAll
    static void stop() {
        urvote.close();
    }

    private static void hideCounts(ContestId contest, String word) {
        stage.database()
                .sql("update contest.contests set settings = settings || jsonb_build_object('hide_counts', :word)"
                        + " where id = :contest")
                .param("word", word)
                .param("contest", contest.value())
                .update();
    }

    private static HideCounts hides(ContestId contest) {
        return live.find(contest).orElseThrow().settings().hideCounts();
    }

    @Test
    void hearsOfAChangeWhoeverMadeIt() {
        var contest = stage.contest();
        assertThat(hides(contest)).isEqualTo(HideCounts.NEVER);

        hideCounts(contest, "until_closed");

        await().atMost(Duration.ofSeconds(2)).until(() -> hides(contest) == HideCounts.UNTIL_CLOSED);
    }

    @Test
    void missesNothingWhileItsLineIsCut() {
        var contest = stage.contest();
        assertThat(hides(contest)).isEqualTo(HideCounts.NEVER);

        stage.database()
                .sql("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'urvote-news'"
                        + " and datname = current_database()")
                .query()
                .listOfRows();
        hideCounts(contest, "until_voted");

        await().atMost(Duration.ofSeconds(5)).until(() -> hides(contest) == HideCounts.UNTIL_VOTED);
    }

    @Test
    void opensAndClosesAtItsInstantsThoughNobodySaysSo() {
        var opens = Instant.now().plusMillis(1500);
        var contest = stage.contest(ContestSettings.DEFAULT, opens, opens.plusMillis(1500));
        assertThat(live.find(contest).orElseThrow().state()).isEqualTo(Contest.State.UPCOMING);

        await().atMost(Duration.ofSeconds(5))
                .until(() -> live.find(contest).orElseThrow().state() == Contest.State.OPEN);
        assertThat(Instant.now()).isAfterOrEqualTo(opens.minusMillis(200));
        await().atMost(Duration.ofSeconds(5))
                .until(() -> live.find(contest).orElseThrow().state() == Contest.State.CLOSED);
    }

    @Test
    void knowsWhatIsNotThere() {
        assertThat(live.find(new ContestId(999_999_999))).isEmpty();
    }

    @Test
    void seesAContestThatCameAfterItWasAskedFor() {
        var next = stage.database()
                .sql("select last_value + 1 from pg_sequences where sequencename = 'contests_id_seq'")
                .query(Long.class)
                .single();
        var contest = new ContestId(next);
        assertThat(live.find(contest)).isEmpty();

        assertThat(stage.contest()).isEqualTo(contest);

        await().atMost(Duration.ofSeconds(2)).until(() -> live.find(contest).isPresent());
    }
}
