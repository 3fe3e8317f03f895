package rocks.urvote.contests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rocks.urvote.contests.ContestSettings.Captcha;
import rocks.urvote.contests.ContestSettings.HideCounts;
import rocks.urvote.web.Checks;
import rocks.urvote.web.Problem.FieldError;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

class SettingsJsonTests {

    static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    Checks checks = Checks.start();

    @Test
    void areAsByDefaultWhereNothingIsSaid() {
        assertThat(checked("{}")).isEqualTo(ContestSettings.DEFAULT);
        assertThat(checks.errors()).isEmpty();
    }

    @Test
    void areReadKeyByKey() {
        var settings = checked("""
            {"time_zone": "America/Chicago", "votes_per_day": 1000, "votes_per_song_per_day": 1,
             "allowed_countries": ["US", "CA", "US"], "blocked_countries": ["DE"],
             "hide_counts": "until_voted", "captcha": "always", "listen_before_vote_seconds": 3600,
             "max_upload_mb": 500, "submissions_open": "2026-12-01T00:00:00+01:00",
             "submissions_close": "2026-12-02T00:00:00Z"}
            """);

        assertThat(checks.errors()).isEmpty();
        assertThat(settings)
                .isEqualTo(new ContestSettings(
                        ZoneId.of("America/Chicago"),
                        1000,
                        1,
                        Set.of("CA", "US"),
                        Set.of("DE"),
                        HideCounts.UNTIL_VOTED,
                        Captcha.ALWAYS,
                        3600,
                        500,
                        Instant.parse("2026-11-30T23:00:00Z"),
                        Instant.parse("2026-12-02T00:00:00Z")));
    }

    @Test
    void readBackAsTheyWereWritten() {
        var settings = checked("""
            {"time_zone": "Asia/Kathmandu", "allowed_countries": ["NP"], "captcha": "off",
             "submissions_close": "2026-12-02T00:00:00.123456Z"}
            """);

        assertThat(SettingsJson.of(settings).stored()).isEqualTo(settings);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        time_zone                  | "UTC+3"
        time_zone                  | "Mars/Olympus"
        time_zone                  | "europe/berlin"
        time_zone                  | ""
        votes_per_day              | 0
        votes_per_day              | 1001
        votes_per_day              | -1
        votes_per_song_per_day     | 0
        votes_per_song_per_day     | 2
        allowed_countries          | ["XX"]
        allowed_countries          | ["us"]
        allowed_countries          | ["USA"]
        allowed_countries          | [null]
        blocked_countries          | ["Germany"]
        hide_counts                | "always"
        hide_counts                | "NEVER"
        captcha                    | ""
        captcha                    | "maybe"
        listen_before_vote_seconds | -1
        listen_before_vote_seconds | 3601
        max_upload_mb              | 0
        max_upload_mb              | 501
        submissions_open           | "tomorrow"
        submissions_close          | "2026-12-02"
        """)
    void areRefusedByTheNameOfTheKey(String key, String value) {
        checked("{\"%s\": %s}".formatted(key, value));

        assertThat(checks.errors()).extracting(FieldError::field).containsExactly("settings." + key);
    }

    @Test
    void doNotAllowAndBlockTheSameCountry() {
        checked("""
            {"allowed_countries": ["DE", "US"], "blocked_countries": ["FR", "US"]}
            """);

        assertThat(checks.errors())
                .containsExactly(new FieldError("settings.blocked_countries", "must not name US, which is allowed"));
    }

    private ContestSettings checked(String json) {
        return JSON.readValue(json, SettingsJson.class).checked(checks, ZoneId.getAvailableZoneIds()::contains);
    }
}
