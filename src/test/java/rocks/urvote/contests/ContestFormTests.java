package rocks.urvote.contests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.web.Checks;
import rocks.urvote.web.Form;
import rocks.urvote.web.Problem;
import rocks.urvote.web.Problem.FieldError;

class ContestFormTests {

    static final ContestSettings CHICAGO = new ContestSettings(
            ZoneId.of("America/Chicago"),
            7,
            1,
            Set.of("US", "CA"),
            Set.of(),
            ContestSettings.HideCounts.UNTIL_CLOSED,
            ContestSettings.Captcha.OFF,
            30,
            20,
            Instant.parse("2026-11-20T06:00:00Z"),
            null);

    static final Contest CONTEST = new Contest(
            new ContestId(1),
            new ClientId(1),
            "Playlist",
            "Songs\nof the town",
            Instant.parse("2026-12-01T06:00:00.123456Z"),
            Instant.parse("2026-12-24T06:00:07Z"),
            true,
            2,
            false,
            null,
            List.of("A studio day", "A T-shirt"),
            CHICAGO,
            Contest.State.UPCOMING,
            false);

    Checks checks = Checks.start();

    @Test
    void showsTimesAsTheClocksOfTheContestDo() {
        var form = ContestForm.of(CONTEST).form();

        assertThat(form.value("start_date")).isEqualTo("2026-12-01T00:00");
        assertThat(form.value("end_date")).isEqualTo("2026-12-24T00:00:07");
        assertThat(form.value("submissions_open")).isEqualTo("2026-11-20T00:00");
        assertThat(form.value("submissions_close")).isEmpty();
        assertThat(form.value("prizes")).isEqualTo("A studio day\nA T-shirt");
        assertThat(form.value("allowed_countries")).isEqualTo("CA, US");
    }

    @Test
    void changesNothingWhereNothingWasTyped() {
        var plan = ContestForm.of(CONTEST).details(checks, this::known, CONTEST).checked(checks, this::known);

        assertThat(checks.errors()).isEmpty();
        assertThat(ContestDetails.of(plan)).isEqualTo(ContestDetails.of(CONTEST));
    }

    @Test
    void readsTheSameClocksAnewInAnotherTimeZone() {
        var plan = typed(Map.of("time_zone", "Europe/Berlin"))
                .details(checks, this::known, CONTEST)
                .checked(checks, this::known);

        assertThat(plan.startDate()).isEqualTo(Instant.parse("2026-11-30T23:00:00Z"));
    }

    @Test
    void namesEveryFieldThatIsWrong() {
        typed(Map.of(
                        "name",
                        " ",
                        "start_date",
                        "soon",
                        "votes_per_day",
                        "many",
                        "max_upload_mb",
                        "9999",
                        "allowed_countries",
                        "usa"))
                .details(checks, this::known, CONTEST)
                .checked(checks, this::known);

        var form = new ContestForm(Form.BLANK)
                .refused(Problem.invalid(checks.errors()))
                .form();
        assertThat(form.errors())
                .extracting(FieldError::field)
                .containsExactlyInAnyOrder("name", "start_date", "votes_per_day", "max_upload_mb", "allowed_countries");
    }

    @Test
    void takesCountriesAsPeopleTypeThem() {
        var plan = typed(Map.of("allowed_countries", "us, ca;de  fr"))
                .details(checks, this::known, CONTEST)
                .checked(checks, this::known);

        assertThat(plan.settings().allowedCountries()).containsExactly("CA", "DE", "FR", "US");
    }

    private ContestForm typed(Map<String, String> changes) {
        var values = new HashMap<>(ContestForm.of(CONTEST).form().values());
        values.putAll(changes);
        return new ContestForm(Form.of(values));
    }

    private boolean known(String zone) {
        return ZoneId.getAvailableZoneIds().contains(zone);
    }
}
