package rocks.urvote.operations.backups;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RetentionTests {

    private static final Retention USUAL = new Retention(30, 12);
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

    @Test
    void keepsEachForDaysAndThenTheFirstOfEachMonth() {
        var daily = Stream.iterate(LocalDate.of(2025, 1, 1), day -> day.plusDays(1))
                .limit(694)
                .map(day -> proved(day + "T03:00:00Z"))
                .toList();

        var stays = new ArrayList<>(daily);
        stays.removeAll(USUAL.over(daily, NOW));

        assertThat(stays.reversed().subList(0, 30))
                .extracting(Kept::createdAt)
                .allMatch(at -> at.isAfter(Instant.parse("2026-10-26T12:00:00Z")));
        assertThat(stays.reversed().subList(30, stays.size()))
                .extracting(kept -> kept.createdAt().atOffset(ZoneOffset.UTC).toLocalDate())
                .containsExactly(
                        LocalDate.of(2026, 10, 1),
                        LocalDate.of(2026, 9, 1),
                        LocalDate.of(2026, 8, 1),
                        LocalDate.of(2026, 7, 1),
                        LocalDate.of(2026, 6, 1),
                        LocalDate.of(2026, 5, 1),
                        LocalDate.of(2026, 4, 1),
                        LocalDate.of(2026, 3, 1),
                        LocalDate.of(2026, 2, 1),
                        LocalDate.of(2026, 1, 1),
                        LocalDate.of(2025, 12, 1),
                        LocalDate.of(2025, 11, 1));
    }

    @Test
    void keepsOfAMonthTheFirstThatIsProved() {
        var unproved = kept("2026-08-01T03:00:00Z", null);
        var first = proved("2026-08-02T03:00:00Z");
        var second = proved("2026-08-03T03:00:00Z");

        assertThat(new Retention(1, 12).over(List.of(proved("2026-11-25T03:00:00Z"), second, first, unproved), NOW))
                .containsExactly(second, unproved);
    }

    @Test
    void neverLetsTheLastProvedOneGo() {
        var proved = proved("2020-08-01T03:00:00Z");
        var older = proved("2020-07-01T03:00:00Z");
        var newerButFaulty = kept("2026-09-01T03:00:00Z", List.of("votes are missing"));

        assertThat(new Retention(1, 0).over(List.of(newerButFaulty, proved, older), NOW))
                .containsExactly(newerButFaulty, older);
    }

    @Test
    void letsNoneGoForAClockThatRanAhead() {
        var good = new ArrayList<>(Stream.iterate(LocalDate.of(2025, 11, 1), day -> day.plusMonths(1))
                .limit(12)
                .map(day -> proved(day + "T03:00:00Z"))
                .toList());
        Stream.iterate(LocalDate.of(2026, 10, 28), day -> day.plusDays(1))
                .limit(29)
                .map(day -> proved(day + "T03:00:00Z"))
                .forEach(good::add);
        var ahead = proved("2028-02-03T03:00:00Z");
        var all = Stream.concat(Stream.of(ahead), good.stream()).toList();

        assertThat(USUAL.over(all, Instant.parse("2028-02-03T03:00:10Z"))).isEmpty();
        assertThat(USUAL.over(all, NOW))
                .as("with the clock put right it is none of the newest thirty")
                .isEmpty();

        var atFirst = proved("1970-01-01T00:01:00Z");
        assertThat(USUAL.over(
                        Stream.concat(Stream.of(atFirst), good.stream()).toList(),
                        Instant.parse("1970-01-01T00:01:10Z")))
                .as("one that fell behind")
                .isEmpty();
    }

    private static Kept proved(String at) {
        return kept(at, List.of());
    }

    private static Kept kept(String at, @Nullable List<String> faults) {
        var createdAt = Instant.parse(at);
        return new Kept(
                "urvote_%s.dump".formatted(at),
                createdAt,
                new Manifest(
                        Manifest.Format.COPY,
                        null,
                        createdAt,
                        "1",
                        "18",
                        Map.of(),
                        List.of(),
                        List.of(),
                        new Manifest.Content(1, "", null),
                        new Manifest.Uploads(0, 0, 0, null),
                        faults == null ? null : new Manifest.Outcome(createdAt, faults),
                        null));
    }
}
