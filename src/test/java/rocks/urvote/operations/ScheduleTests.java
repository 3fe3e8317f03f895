package rocks.urvote.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rocks.urvote.operations.ChoreBook.Outcome;
import rocks.urvote.operations.ChoreBook.Run;
import rocks.urvote.operations.ChoreLog.Standing;

class ScheduleTests {

    static final Schedule HOURLY = Schedule.every(Duration.ofHours(1));
    static final Schedule NIGHTLY = new Schedule.Daily(3, ZoneOffset.UTC);
    static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "PT5M, every 5 minutes",
        "PT1H, every hour",
        "PT6H, every 6 hours",
        "P1D, every day",
        "P7D, every 7 days"
    })
    void saysItselfInWords(Duration period, String words) {
        assertThat(Schedule.every(period).words()).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-25T02:59:59Z, 2026-11-25T03:00:00Z",
        "2026-11-25T03:00:00Z, 2026-11-26T03:00:00Z",
        "2026-11-25T23:00:00Z, 2026-11-26T03:00:00Z"
    })
    void aDayHasItsHourOnce(Instant run, Instant next) {
        assertThat(NIGHTLY.after(run)).isEqualTo(next);
        assertThat(NIGHTLY.words()).isEqualTo("every day at 03:00");
    }

    @Test
    void anHourThatSummerTimeLeavesOutComesWhenTheClockGoesOn() {
        var zurich = new Schedule.Daily(2, ZoneId.of("Europe/Zurich"));

        assertThat(zurich.after(Instant.parse("2027-03-27T12:00:00Z"))).isEqualTo("2027-03-28T01:00:00Z");
        assertThat(zurich.after(Instant.parse("2027-03-28T01:00:00Z"))).isEqualTo("2027-03-29T00:00:00Z");
    }

    @Test
    void whatNeverRanIsDueAtTheStartAndHeavyWorkALittleLater() {
        var start = Instant.parse("2026-11-25T12:00:00Z");

        assertThat(never(start).due(HOURLY, start)).isEqualTo(start);
        assertThat(never(start).due(NIGHTLY, start)).isEqualTo("2026-11-25T12:15:00Z");
    }

    @Test
    void whatWasMissedWhileNothingRanIsMadeUpForOnce() {
        var start = Instant.parse("2026-11-25T12:00:00Z");

        assertThat(ran("2026-11-20T03:00:00Z", Outcome.DONE, 0).due(HOURLY, start))
                .isEqualTo(start);
        assertThat(ran("2026-11-20T03:00:00Z", Outcome.DONE, 0).due(NIGHTLY, start))
                .isEqualTo("2026-11-25T12:15:00Z");
        assertThat(ran("2026-11-25T12:15:00Z", Outcome.DONE, 0).due(NIGHTLY, start))
                .isEqualTo("2026-11-26T03:00:00Z");
    }

    @ParameterizedTest
    @CsvSource({"1, PT1M", "2, PT2M", "3, PT4M", "6, PT32M", "7, PT1H", "1000, PT1H"})
    void aFailureIsTriedAgainSoonAndThenLessOften(int failures, Duration later) {
        var failed = Instant.parse("2026-11-25T12:00:00Z");
        var daily = Schedule.every(Duration.ofDays(1));

        assertThat(ran(failed.toString(), Outcome.FAILED, failures).due(daily, LONG_AGO))
                .isEqualTo(failed.plus(later));
        assertThat(ran(failed.toString(), Outcome.BROKEN_OFF, failures).due(NIGHTLY, LONG_AGO))
                .isEqualTo(failed.plus(Duration.ofHours(1)));
    }

    @Test
    void aFailureIsNotTriedLaterThanItsTurnComes() {
        assertThat(ran("2026-11-25T02:30:00Z", Outcome.FAILED, 1).due(NIGHTLY, LONG_AGO))
                .isEqualTo("2026-11-25T03:00:00Z");
        assertThat(ran("2026-11-25T02:30:00Z", Outcome.FAILED, 9).due(Schedule.every(Duration.ofMinutes(5)), LONG_AGO))
                .isEqualTo("2026-11-25T02:35:00Z");
    }

    @Test
    void aRunOfTheFutureIsOfAClockThatWasWrong() {
        var now = Instant.parse("2026-11-25T12:00:00Z");
        var run = run(now.plus(Duration.ofDays(300)), Outcome.DONE);

        assertThat(new Standing(now, Optional.of(run), Optional.of(run), 0).due(HOURLY, LONG_AGO))
                .isBefore(now);
    }

    private static Standing never(Instant now) {
        return new Standing(now, Optional.empty(), Optional.empty(), 0);
    }

    private static Standing ran(String at, Outcome outcome, int failures) {
        var run = run(Instant.parse(at), outcome);
        var now = Instant.parse("2026-12-01T00:00:00Z");
        return new Standing(now, Optional.of(run), Optional.empty(), failures);
    }

    private static Run run(Instant at, Outcome outcome) {
        return new Run("here", at, at, outcome, "");
    }
}
