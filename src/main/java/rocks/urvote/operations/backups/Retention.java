package rocks.urvote.operations.backups;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// How long backups are kept: those of so many days, then the first proved one of each of so many months before. Both
/// are counted among the days and months that have one, not measured by the clock: one that ran ahead would let all of
/// them go at once. Only what a restore has shown to be faulty goes by its age. Never does the last proved one go, nor
/// one that is named by a day to come.
record Retention(int days, int months) {

    List<Kept> over(List<Kept> all, Instant now) {
        var known = all.stream()
                .filter(kept -> !kept.isOfAnotherTime(now))
                .sorted(Comparator.comparing(Kept::createdAt))
                .toList();
        var newestDays = known.stream()
                .filter(kept -> !kept.faulty())
                .map(Retention::day)
                .distinct()
                .sorted(Comparator.reverseOrder())
                .limit(days)
                .collect(Collectors.toSet());
        var stays = new HashSet<Kept>();
        var firsts = new TreeMap<YearMonth, Kept>(Comparator.reverseOrder());
        for (var kept : known) {
            if (kept.faulty()
                    ? kept.createdAt().isAfter(now.minus(Duration.ofDays(days)))
                    : newestDays.contains(day(kept))) {
                stays.add(kept);
            } else if (kept.proved()) {
                firsts.putIfAbsent(YearMonth.from(day(kept)), kept);
            }
        }
        firsts.values().stream().limit(months).forEach(stays::add);
        known.stream().filter(Kept::proved).reduce((_, newer) -> newer).ifPresent(stays::add);
        return all.stream()
                .filter(kept -> !kept.isOfAnotherTime(now) && !stays.contains(kept))
                .toList();
    }

    private static LocalDate day(Kept kept) {
        return kept.createdAt().atOffset(ZoneOffset.UTC).toLocalDate();
    }
}
