package rocks.urvote.votes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import rocks.urvote.testkit.DebianPostgres;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;

/// What goes wrong with a batch of votes is told apart in whatever language the server speaks.
@EnabledIf("rocks.urvote.testkit.DebianPostgres#isHere")
class TranslatedFaultsIT {

    static RunningUrVote urvote;
    static Stage stage;

    @BeforeAll
    static void start() {
        urvote = RunningUrVote.start(Map.of("URVOTE_DATABASE_URL", DebianPostgres.freshGermanDatabase()));
        stage = new Stage(urvote);
        var failure = catchThrowable(
                () -> stage.database().sql("select 1 / 0").query().singleRow());
        assumeTrue(
                String.valueOf(failure).contains("FEHLER: Division durch Null"),
                "PostgreSQL's translations are not on this machine");
    }

    @AfterAll
    static void stop() {
        urvote.close();
    }

    @Test
    void makesTheMonthThatIsMissing() {
        var song = stage.song(stage.contest(), "Unprepared");
        var month = new Month(YearMonth.now(ZoneOffset.UTC));
        for (var parent : Month.PARENTS) {
            stage.database().sql("drop table " + month.table(parent)).update();
        }

        var answer = stage.voter().postWith("/api/v1/songs/%d/votes".formatted(song.value()), "");

        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    }

    @Test
    void findsTheAnswerThatAnotherNodeGaveToTheSameKeyMeanwhile() throws Exception {
        var song = stage.song(stage.contest(), "Keyed");
        var voter = stage.voter();
        try (var other = stage.connection();
                var statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("""
                insert into contest.vote_answers (voter_id, idempotency_key, request_hash, http_status, body)
                values (%d, 'k', 'another request', 201, '{}')
                """.formatted(voter.user()));
            var answer = CompletableFuture.supplyAsync(
                    () -> voter.postWith("/api/v1/songs/%d/votes".formatted(song.value()), "", "Idempotency-Key", "k"),
                    Thread::startVirtualThread);
            await().until(() -> stage.database().sql("""
                select exists (select from pg_stat_activity
                                where wait_event_type = 'Lock' and application_name = 'urvote-ballot-box'
                                  and datname = current_database())
                """).query(Boolean.class).single());

            other.commit();

            assertThat(answer.join().code()).isEqualTo("idempotency_key_reused");
        }
    }
}
