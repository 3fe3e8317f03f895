package rocks.urvote.operations.care;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.time.YearMonth;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rocks.urvote.operations.care.TableState.Need;

class CareTests {

    static final YearMonth OLDEST = YearMonth.parse("2026-10");

    @ParameterizedTest(name = "{0} live, {1} dead, {2} inserted, {3} changed, {4} old: {5}")
    @CsvSource({
        "0, 0, 0, 0, 0, ",
        "100, 1000, 0, 1000, 0, ",
        "100, 1001, 0, 1000, 0, Vacuum",
        "1000000, 50000, 0, 0, 0, ",
        "1000000, 50001, 0, 0, 0, Vacuum",
        "100000, 0, 10001, 0, 0, Vacuum",
        "1000000, 0, 10001, 0, 0, ",
        "10000, 0, 0, 1001, 0, Analyze",
        "10000, 0, 0, 500, 0, ",
        "10000, 0, 0, 0, 150000001, Freeze"
    })
    void needsWhatItsCountsSay(long live, long dead, long inserted, long changed, long age, @Nullable String need) {
        var table = new TableState("t", live, dead, inserted, changed, age, null, null);

        assertThat(table.need(OLDEST).map(found -> found.getClass().getSimpleName()))
                .isEqualTo(Optional.ofNullable(need));
    }

    @ParameterizedTest(name = "{0}, vacuumed {1}, {2} dead: {3}")
    @CsvSource({
        "2026-11, , 0, false",
        "2026-10, , 0, false",
        "2026-09, , 0, true",
        "2026-09, 2026-10-31T23:59:59Z, 0, true",
        "2026-09, 2026-11-01T04:00:00Z, 0, false",
        "2026-09, 2026-11-01T04:00:00Z, 7, true"
    })
    void freezesAMonthOnceNoVotesComeToItAndAgainWhenItChanged(
            YearMonth month, @Nullable Instant vacuumed, long dead, boolean frozen) {
        var table = new TableState("t", 500, dead, 0, 0, 0, vacuumed, month);

        assertThat(table.need(OLDEST).filter(Need.Freeze.class::isInstance).isPresent())
                .isEqualTo(frozen);
    }

    @Test
    void knowsTheAirInAnIndexByTheDensityOfItsLeaves() {
        assertThat(IndexState.measured("i", 1000, 90).bloat()).isZero();
        assertThat(IndexState.measured("i", 1000, 45).bloat()).isCloseTo(0.5, within(0.001));
        assertThat(IndexState.measured("i", 1000, 95).bloat()).isZero();
        assertThat(IndexState.measured("i", 1000, 45).wasted()).isEqualTo(500);
    }

    @Test
    void estimatesTheAirInAnIndexByItsRowsAndKeys() {
        // 1,000,000 bigint keys: 20 bytes an entry, 366 on a page that is full to nine tenths.
        assertThat(IndexState.estimated("i", 22_400_000, 1_000_000, 8).bloat()).isCloseTo(0, within(0.01));
        assertThat(IndexState.estimated("i", 44_800_000, 1_000_000, 8).bloat()).isCloseTo(0.5, within(0.01));
        assertThat(IndexState.estimated("i", 8192, 0, 8).bloat()).isZero();
    }
}
