package rocks.urvote.contests;

import static java.util.Objects.requireNonNullElse;
import static rocks.urvote.contests.ContestSettings.DEFAULT;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import rocks.urvote.contests.ContestSettings.Captcha;
import rocks.urvote.contests.ContestSettings.HideCounts;
import rocks.urvote.web.Checks;

/// A contest's settings as they are written down: what is missing is as by default.
@Schema(name = "ContestSettingsDetails")
record SettingsJson(
        @Nullable String timeZone,
        @Nullable Integer votesPerDay,
        @Nullable Integer votesPerSongPerDay,
        @Nullable List<@Nullable String> allowedCountries,
        @Nullable List<@Nullable String> blockedCountries,

        @Schema(implementation = ContestSettings.HideCounts.class) @Nullable
        String hideCounts,

        @Schema(implementation = ContestSettings.Captcha.class) @Nullable
        String captcha,

        @Nullable Integer listenBeforeVoteSeconds,
        @Nullable Integer maxUploadMb,
        @Schema(format = "date-time") @Nullable String submissionsOpen,
        @Schema(format = "date-time") @Nullable String submissionsClose) {

    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    static final SettingsJson DEFAULTS = of(DEFAULT);

    /// Every key with its value.
    static SettingsJson of(ContestSettings settings) {
        return new SettingsJson(
                settings.timeZone().getId(),
                settings.votesPerDay(),
                settings.votesPerSongPerDay(),
                List.copyOf(settings.allowedCountries()),
                List.copyOf(settings.blockedCountries()),
                settings.hideCounts().name().toLowerCase(Locale.ROOT),
                settings.captcha().name().toLowerCase(Locale.ROOT),
                settings.listenBeforeVoteSeconds(),
                settings.maxUploadMb(),
                settings.submissionsOpen() == null
                        ? null
                        : settings.submissionsOpen().toString(),
                settings.submissionsClose() == null
                        ? null
                        : settings.submissionsClose().toString());
    }

    /// The settings it stands for; each field that is wrong is named as `settings.<key>`.
    ContestSettings checked(Checks checks, Predicate<String> knownTimeZone) {
        var allowed = countries(checks, "settings.allowed_countries", allowedCountries);
        var blocked = countries(checks, "settings.blocked_countries", blockedCountries);
        var both = new TreeSet<>(allowed);
        both.retainAll(blocked);
        if (!both.isEmpty()) {
            checks.wrong("settings.blocked_countries", "must not name %s, which is allowed".formatted(both.first()));
        }
        var opens = checks.optionalInstant("settings.submissions_open", submissionsOpen)
                .orElse(null);
        var closes = checks.optionalInstant("settings.submissions_close", submissionsClose)
                .orElse(null);
        return new ContestSettings(
                timeZone(checks, knownTimeZone),
                number(checks, "settings.votes_per_day", votesPerDay, DEFAULT.votesPerDay(), 1, 1000),
                number(checks, "settings.votes_per_song_per_day", votesPerSongPerDay, 1, 1, 1),
                allowed,
                blocked,
                hideCounts == null
                        ? DEFAULT.hideCounts()
                        : checks.oneOf("settings.hide_counts", hideCounts, HideCounts.class)
                                .orElse(DEFAULT.hideCounts()),
                captcha == null
                        ? DEFAULT.captcha()
                        : checks.oneOf("settings.captcha", captcha, Captcha.class)
                                .orElse(DEFAULT.captcha()),
                number(
                        checks,
                        "settings.listen_before_vote_seconds",
                        listenBeforeVoteSeconds,
                        DEFAULT.listenBeforeVoteSeconds(),
                        0,
                        3600),
                number(checks, "settings.max_upload_mb", maxUploadMb, DEFAULT.maxUploadMb(), 1, 500),
                opens,
                closes);
    }

    /// What a row holds, which was checked when it was written.
    ContestSettings stored() {
        return new ContestSettings(
                timeZone == null ? DEFAULT.timeZone() : ZoneId.of(timeZone),
                requireNonNullElse(votesPerDay, DEFAULT.votesPerDay()),
                requireNonNullElse(votesPerSongPerDay, DEFAULT.votesPerSongPerDay()),
                words(allowedCountries),
                words(blockedCountries),
                hideCounts == null ? DEFAULT.hideCounts() : HideCounts.valueOf(hideCounts.toUpperCase(Locale.ROOT)),
                captcha == null ? DEFAULT.captcha() : Captcha.valueOf(captcha.toUpperCase(Locale.ROOT)),
                requireNonNullElse(listenBeforeVoteSeconds, DEFAULT.listenBeforeVoteSeconds()),
                requireNonNullElse(maxUploadMb, DEFAULT.maxUploadMb()),
                submissionsOpen == null ? null : Instant.parse(submissionsOpen),
                submissionsClose == null ? null : Instant.parse(submissionsClose));
    }

    private ZoneId timeZone(Checks checks, Predicate<String> known) {
        if (timeZone == null) {
            return DEFAULT.timeZone();
        }
        if (!known.test(timeZone)) {
            checks.wrong("settings.time_zone", "must be a time zone's IANA name such as Europe/Berlin");
            return DEFAULT.timeZone();
        }
        return ZoneId.of(timeZone);
    }

    private static int number(
            Checks checks, String field, @Nullable Integer number, int otherwise, int least, int most) {
        if (least == most && number != null && number != least) {
            checks.wrong(field, "must be %d".formatted(least));
            return least;
        }
        return checks.between(field, requireNonNullElse(number, otherwise), least, most);
    }

    private static Set<String> countries(Checks checks, String field, @Nullable List<@Nullable String> codes) {
        var countries = words(codes);
        if (codes != null && (codes.stream().anyMatch(code -> code == null) || !COUNTRIES.containsAll(countries))) {
            checks.wrong(field, "must be countries' ISO 3166-1 codes of two capitals such as US");
            return Set.of();
        }
        return countries;
    }

    private static Set<String> words(@Nullable List<@Nullable String> words) {
        var all = new TreeSet<String>();
        if (words != null) {
            for (var word : words) {
                if (word != null) {
                    all.add(word);
                }
            }
        }
        return all;
    }
}
