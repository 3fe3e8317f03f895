package rocks.urvote.contests;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import rocks.urvote.clients.Naming;
import rocks.urvote.web.Checks;

/// What somebody writes down about a contest, not yet looked at. What is missing is as by default.
@Schema(requiredProperties = {"name", "start_date", "end_date"})
record ContestDetails(
        @Nullable String name,
        @Nullable String description,
        @Schema(format = "date-time") @Nullable String startDate,
        @Schema(format = "date-time") @Nullable String endDate,
        @Nullable Integer maxEntriesPerUser,
        @Nullable Boolean votingEnabled,
        @Nullable Boolean isActive,
        @Nullable String rules,
        @Nullable List<@Nullable String> prizes,
        @Nullable SettingsJson settings) {

    private static final int MOST_PRIZES = 50;

    static ContestDetails of(ContestPlan plan) {
        return new ContestDetails(
                plan.name(),
                plan.description(),
                plan.startDate().toString(),
                plan.endDate().toString(),
                plan.maxEntriesPerUser(),
                plan.votingEnabled(),
                plan.isActive(),
                plan.rules(),
                new ArrayList<>(plan.prizes()),
                SettingsJson.of(plan.settings()));
    }

    static ContestDetails of(Contest contest) {
        return of(new ContestPlan(
                contest.name(),
                contest.description(),
                contest.startDate(),
                contest.endDate(),
                contest.maxEntriesPerUser(),
                contest.votingEnabled(),
                contest.isActive(),
                contest.rules(),
                contest.prizes(),
                contest.settings()));
    }

    ContestPlan checked(Checks checks, Predicate<String> knownTimeZone) {
        var starts = checks.instant("start_date", startDate);
        var ends = checks.instant("end_date", endDate);
        if (fine(checks, "start_date") && fine(checks, "end_date") && !starts.isBefore(ends)) {
            checks.wrong("end_date", "must be after the start");
        }
        var plan = new ContestPlan(
                Naming.name(checks, name),
                checks.optionalLines("description", description, 10_000).orElse(null),
                starts,
                ends,
                checks.between("max_entries_per_user", maxEntriesPerUser == null ? 1 : maxEntriesPerUser, 1, 1000),
                votingEnabled == null || votingEnabled,
                isActive == null || isActive,
                checks.optionalLines("rules", rules, 50_000).orElse(null),
                prizes(checks),
                (settings == null ? SettingsJson.DEFAULTS : settings).checked(checks, knownTimeZone));
        checkSubmissions(checks, plan);
        return plan;
    }

    /// Where one end of the time for songs is missing, the contest's own stands for it.
    private static void checkSubmissions(Checks checks, ContestPlan plan) {
        var opens = plan.settings().submissionsOpen();
        var closes = plan.settings().submissionsClose();
        if (!checks.errors().isEmpty() || (opens == null && closes == null)) {
            return;
        }
        if (opens != null && closes != null && !opens.isBefore(closes)) {
            checks.wrong("settings.submissions_close", "must be after submissions_open");
        } else if (opens == null && !plan.startDate().isBefore(or(closes, plan.endDate()))) {
            checks.wrong("settings.submissions_close", "must be after the start, from which songs are taken");
        } else if (closes == null && !or(opens, plan.startDate()).isBefore(plan.endDate())) {
            checks.wrong("settings.submissions_open", "must be before the end, until which songs are taken");
        }
    }

    private static Instant or(@Nullable Instant instant, Instant otherwise) {
        return instant == null ? otherwise : instant;
    }

    private static boolean fine(Checks checks, String field) {
        return checks.errors().stream().noneMatch(error -> error.field().equals(field));
    }

    private List<String> prizes(Checks checks) {
        var lines = new ArrayList<String>();
        if (prizes == null) {
            return lines;
        }
        if (prizes.size() > MOST_PRIZES) {
            checks.wrong("prizes", "must be at most %d".formatted(MOST_PRIZES));
            return lines;
        }
        for (int i = 0; i < prizes.size(); i++) {
            lines.add(checks.line("prizes[%d]".formatted(i), prizes.get(i), 500));
        }
        return lines;
    }
}
