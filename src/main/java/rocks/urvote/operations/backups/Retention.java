package rocks.urvote.operations.backups;

import java.time.Instant;
import java.time.Period;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;

/// How long backups are kept: each for some days, then the first proved one of each month for some months. Never does
/// the last proved one go.
record Retention(int days, int months) {

    List<Kept> over(List<Kept> all, Instant now) {
        var keepAll = now.atOffset(ZoneOffset.UTC).minus(Period.ofDays(days)).toInstant();
        var keepMonths = YearMonth.from(keepAll.atOffset(ZoneOffset.UTC)).minusMonths(months);
        var stays = new HashSet<Kept>();
        all.stream()
                .filter(Kept::proved)
                .max(Comparator.comparing(Kept::createdAt))
                .ifPresent(stays::add);
        var seen = new HashSet<YearMonth>();
        all.stream().sorted(Comparator.comparing(Kept::createdAt)).forEach(kept -> {
            if (kept.createdAt().isAfter(keepAll)) {
                stays.add(kept);
            }
            var month = YearMonth.from(kept.createdAt().atOffset(ZoneOffset.UTC));
            if (kept.proved() && month.isAfter(keepMonths) && seen.add(month)) {
                stays.add(kept);
            }
        });
        return all.stream().filter(kept -> !stays.contains(kept)).toList();
    }
}
