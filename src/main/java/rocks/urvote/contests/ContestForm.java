package rocks.urvote.contests;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import rocks.urvote.web.Checks;
import rocks.urvote.web.Form;
import rocks.urvote.web.Problem;
import rocks.urvote.web.Problem.FieldError;

/// Contests as a form writes them: flat fields, lists as lines, times as clocks show them in the contest's time zone.
record ContestForm(Form form) {

    static ContestForm blank() {
        return new ContestForm(Form.of(settings(SettingsJson.DEFAULTS, ContestSettings.DEFAULT)))
                .with(Map.of("max_entries_per_user", "1", "voting_enabled", "true", "is_active", "true"));
    }

    static ContestForm of(Contest contest) {
        var zone = contest.settings().timeZone();
        var values = settings(SettingsJson.of(contest.settings()), contest.settings());
        values.put("name", contest.name());
        values.put("description", contest.description());
        values.put("start_date", clock(contest.startDate(), zone));
        values.put("end_date", clock(contest.endDate(), zone));
        values.put("max_entries_per_user", contest.maxEntriesPerUser());
        values.put("voting_enabled", contest.votingEnabled());
        values.put("is_active", contest.isActive());
        values.put("rules", contest.rules());
        values.put("prizes", String.join("\n", contest.prizes()));
        return new ContestForm(Form.of(values));
    }

    /// What it says; a time that still reads as `before` shows it is still that instant, to the last fraction.
    ContestDetails details(Checks checks, Predicate<String> knownTimeZone, @Nullable Contest before) {
        var zone = knownTimeZone.test(form.value("time_zone")) ? ZoneId.of(form.value("time_zone")) : ZoneId.of("UTC");
        var same = before != null && before.settings().timeZone().equals(zone) ? before : null;
        return new ContestDetails(
                form.value("name"),
                form.value("description"),
                instant(checks, "start_date", zone, same == null ? null : same.startDate()),
                instant(checks, "end_date", zone, same == null ? null : same.endDate()),
                number(checks, "max_entries_per_user"),
                form.is("voting_enabled", "true"),
                !form.is("is_active", "false"),
                form.value("rules"),
                prizes(),
                new SettingsJson(
                        form.value("time_zone"),
                        number(checks, "votes_per_day"),
                        null,
                        countries("allowed_countries"),
                        countries("blocked_countries"),
                        form.value("hide_counts"),
                        form.value("captcha"),
                        number(checks, "listen_before_vote_seconds"),
                        number(checks, "max_upload_mb"),
                        instant(
                                checks,
                                "submissions_open",
                                zone,
                                same == null ? null : same.settings().submissionsOpen()),
                        instant(
                                checks,
                                "submissions_close",
                                zone,
                                same == null ? null : same.settings().submissionsClose())));
    }

    /// The form again, with each message at the field it is about.
    ContestForm refused(Problem problem) {
        if (problem.code().equals("contest_exists")) {
            return new ContestForm(form.refused(Problem.invalid(
                    "name", "belongs to another contest of this client: case and blanks do not make another")));
        }
        if (problem.code().equals("contest_has_begun")) {
            return new ContestForm(form.refused(
                    Problem.invalid("time_zone", "stays as it is: the contest has begun, and its days are in it")));
        }
        var errors = problem.errors().stream()
                .map(error -> new FieldError(
                        error.field().replace("settings.", "").replaceFirst("\\[.*", ""), error.message()))
                .toList();
        return new ContestForm(form.refused(errors.isEmpty() ? problem : Problem.invalid(errors)));
    }

    private ContestForm with(Map<String, String> more) {
        var values = new HashMap<>(form.values());
        values.putAll(more);
        return new ContestForm(Form.of(values));
    }

    private static Map<String, @Nullable Object> settings(SettingsJson json, ContestSettings settings) {
        var values = new HashMap<String, @Nullable Object>();
        values.put("time_zone", json.timeZone());
        values.put("votes_per_day", json.votesPerDay());
        values.put("allowed_countries", String.join(", ", settings.allowedCountries()));
        values.put("blocked_countries", String.join(", ", settings.blockedCountries()));
        values.put("hide_counts", json.hideCounts());
        values.put("captcha", json.captcha());
        values.put("listen_before_vote_seconds", json.listenBeforeVoteSeconds());
        values.put("max_upload_mb", json.maxUploadMb());
        values.put("submissions_open", clock(settings.submissionsOpen(), settings.timeZone()));
        values.put("submissions_close", clock(settings.submissionsClose(), settings.timeZone()));
        return values;
    }

    private static @Nullable String clock(@Nullable Instant instant, ZoneId zone) {
        return instant == null
                ? null
                : LocalDateTime.ofInstant(instant, zone)
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString();
    }

    private @Nullable String instant(Checks checks, String field, ZoneId zone, @Nullable Instant before) {
        var text = form.value(field).strip();
        if (text.isEmpty()) {
            return null;
        }
        try {
            var clock = LocalDateTime.parse(text);
            return before != null && clock.toString().equals(clock(before, zone))
                    ? before.toString()
                    : clock.atZone(zone).toInstant().toString();
        } catch (DateTimeException e) {
            checks.wrong(field, "must be a date and a time");
            return null;
        }
    }

    private @Nullable Integer number(Checks checks, String field) {
        var text = form.value(field).strip();
        if (text.isEmpty()) {
            return null;
        }
        if (!text.matches("[0-9]{1,9}")) {
            checks.wrong(field, "must be a whole number");
            return null;
        }
        return Integer.valueOf(text);
    }

    private List<@Nullable String> prizes() {
        return new ArrayList<>(form.value("prizes")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList());
    }

    private List<@Nullable String> countries(String field) {
        var codes = new ArrayList<@Nullable String>();
        for (var code : form.value(field).toUpperCase(Locale.ROOT).split("[,;\\s]+", -1)) {
            if (!code.isEmpty()) {
                codes.add(code);
            }
        }
        return codes;
    }
}
