package rocks.urvote.contests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import rocks.urvote.clients.Clients;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;
import rocks.urvote.testkit.Api;
import rocks.urvote.testkit.RunningUrVote;
import tools.jackson.databind.JsonNode;

class ContestsIT {

    static String past;
    static String yesterday;
    static String tomorrow;
    static String future;

    static RunningUrVote urvote;
    static Api visitor;
    static Api admin;
    static Api owner;
    static Api moderator;
    static Api stranger;
    static Api otherOwner;

    @BeforeAll
    static void twoClientsWithTheirPeople() {
        var now = Instant.now();
        past = now.minus(Duration.ofDays(20)).toString();
        yesterday = now.minus(Duration.ofDays(1)).toString();
        tomorrow = now.plus(Duration.ofDays(1)).toString();
        future = now.plus(Duration.ofDays(20)).toString();
        urvote = RunningUrVote.start();
        visitor = Api.visitor(urvote);
        admin = Api.admin(urvote, "adele");
        owner = Api.signedIn(urvote, "olivia");
        moderator = Api.signedIn(urvote, "maurice");
        stranger = Api.signedIn(urvote, "sam");
        otherOwner = Api.signedIn(urvote, "otto");
        for (var slug : List.of("chi", "pay")) {
            admin.post("/api/v1/clients", "{\"slug\": \"%s\", \"name\": \"The %s\"}".formatted(slug, slug));
        }
        admin.put("/api/v1/clients/chi/members/" + owner.user(), "{\"role\": \"owner\"}");
        admin.put("/api/v1/clients/chi/members/" + moderator.user(), "{\"role\": \"moderator\"}");
        admin.put("/api/v1/clients/pay/members/" + otherOwner.user(), "{\"role\": \"owner\"}");
    }

    @AfterAll
    static void stop() {
        urvote.close();
    }

    @Test
    void showEverySettingWithItsDefault() {
        var contest = add("Defaults", yesterday, tomorrow, "");

        assertThat(contest.path("client").toString()).isEqualTo("{\"slug\":\"chi\",\"name\":\"The chi\"}");
        assertThat(contest.path("max_entries_per_user").asInt()).isEqualTo(1);
        assertThat(contest.path("voting_enabled").asBoolean()).isTrue();
        assertThat(contest.path("is_active").asBoolean()).isTrue();
        assertThat(contest.path("state").asString()).isEqualTo("open");
        assertThat(contest.path("prizes").isEmpty()).isTrue();
        assertThat(contest.path("settings").toString())
                .isEqualTo("{\"time_zone\":\"UTC\",\"votes_per_day\":10,\"votes_per_song_per_day\":1,"
                        + "\"allowed_countries\":[],\"blocked_countries\":[],\"hide_counts\":\"never\","
                        + "\"captcha\":\"auto\",\"listen_before_vote_seconds\":0,\"max_upload_mb\":50,"
                        + "\"submissions_open\":null,\"submissions_close\":null}");
        var shown = visitor.get("/api/v1/contests/" + id(contest));
        assertThat(shown.json()).isEqualTo(contest);
        assertThat(visitor.get("/api/v1/contests/" + id(contest), "If-None-Match", shown.header("ETag"))
                        .status())
                .isEqualTo(304);
    }

    @Test
    void keepAllThatTheirOwnerSays() {
        var contest = owner.post("/api/v1/clients/chi/contests", """
            {"name": "Everything", "description": "Two\\nlines", "start_date": "2030-01-01T00:00:00+02:00",
             "end_date": "2030-02-01T00:00:00Z", "max_entries_per_user": 3, "voting_enabled": false,
             "is_active": true, "rules": "Be kind.", "prizes": ["A day in the studio", "A T-shirt"],
             "settings": {"time_zone": "America/Chicago", "allowed_countries": ["US", "CA"],
                          "submissions_open": "2029-12-01T00:00:00Z"}}
            """);

        assertThat(contest.status()).as(contest.text()).isEqualTo(201);
        assertThat(contest.header("Location")).isEqualTo("/api/v1/contests/" + id(contest.json()));
        assertThat(contest.json().path("start_date").asString()).isEqualTo("2029-12-31T22:00:00Z");
        assertThat(contest.json().path("prizes").toString()).isEqualTo("[\"A day in the studio\",\"A T-shirt\"]");
        assertThat(contest.json().path("settings").path("allowed_countries").toString())
                .isEqualTo("[\"CA\",\"US\"]");
        assertThat(contest.json().path("state").asString()).isEqualTo("upcoming");
        assertThat(facts("ContestAdded")).anyMatch(fact -> fact.contains("Everything"));
    }

    @Test
    void tellTheirStateByTheClockOfTheDatabase() {
        assertThat(add("Coming", tomorrow, future, "").path("state").asString()).isEqualTo("upcoming");
        assertThat(add("Running", yesterday, tomorrow, "").path("state").asString())
                .isEqualTo("open");
        assertThat(add("Over", past, yesterday, "").path("state").asString()).isEqualTo("closed");
        assertThat(add("Hidden", yesterday, tomorrow, ", \"is_active\": false")
                        .path("state")
                        .asString())
                .isEqualTo("draft");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
        past,      future,    -,         -,        true
        tomorrow,  future,    -,         -,        false
        past,      yesterday, -,         -,        false
        tomorrow,  future,    yesterday, -,        true
        past,      future,    tomorrow,  -,        false
        past,      future,    -,         yesterday, false
        past,      tomorrow,  -,         future,   true
        past,      yesterday, past,      tomorrow, true
        """)
    void takeSongsInTheirTimeForSongs(
            String start, String end, @Nullable String opens, @Nullable String closes, boolean takes) {
        var contest = add(
                "Songs %s %s %s %s".formatted(start, end, opens, closes),
                instant(start),
                instant(end),
                ", \"settings\": {\"submissions_open\": %s, \"submissions_close\": %s}"
                        .formatted(quoted(opens), quoted(closes)));

        assertThat(contest.path("takes_submissions").asBoolean()).isEqualTo(takes);
    }

    @Test
    void areShownToVisitorsPageByPage() {
        add("Earlier", tomorrow, future, "");
        add("Later", tomorrow, future, "");
        add("Not Yet Shown", tomorrow, future, ", \"is_active\": false");

        var first = visitor.get("/contests?state=upcoming&limit=1").text();

        assertThat(first).contains("Later").doesNotContain("Earlier").doesNotContain("Not Yet Shown");
        var next = Pattern.compile("cursor=([^\"]+)").matcher(first);
        assertThat(next.find()).isTrue();
        assertThat(visitor.get("/contests?state=upcoming&limit=1&cursor=" + next.group(1))
                        .text())
                .contains("Earlier")
                .doesNotContain("Later");
    }

    @Test
    void areMadeByOwnersAndAdminsOnly() {
        var body = body("Whose", yesterday, tomorrow, "");

        assertThat(visitor.post("/api/v1/clients/chi/contests", body).status()).isEqualTo(401);
        assertThat(stranger.post("/api/v1/clients/chi/contests", body).status()).isEqualTo(403);
        assertThat(moderator.post("/api/v1/clients/chi/contests", body).status())
                .isEqualTo(403);
        assertThat(otherOwner.post("/api/v1/clients/chi/contests", body).status())
                .isEqualTo(403);
        assertThat(owner.post("/api/v1/clients/nobody/contests", body).status()).isEqualTo(404);
        assertThat(admin.post("/api/v1/clients/chi/contests", body).status()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Once Only", "ONCE only", "  Once \\t  Only ", "Once\u00A0Only", "Once\u200B Only"})
    void haveANameOfTheirOwnWithinTheClient(String name) {
        owner.post("/api/v1/clients/chi/contests", body("Once Only", yesterday, tomorrow, ""));

        var again = owner.post("/api/v1/clients/chi/contests", body(name, yesterday, tomorrow, ""));

        assertThat(again.status()).as(again.text()).isEqualTo(409);
        assertThat(again.code()).isEqualTo("contest_exists");
    }

    @Test
    void shareANameWithAnotherClientsContest() {
        add("Everybody's", yesterday, tomorrow, "");

        assertThat(otherOwner
                        .post("/api/v1/clients/pay/contests", body("Everybody's", yesterday, tomorrow, ""))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void areMadeOnceWhenAskedForManyTimesAtOnce() throws Exception {
        Callable<Integer> add =
                () -> owner.post("/api/v1/clients/chi/contests", body("At Once", yesterday, tomorrow, ""))
                        .status();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = threads.invokeAll(Collections.nCopies(16, add)).stream()
                    .map(answer -> answer.resultNow())
                    .toList();

            assertThat(answers).containsOnlyOnce(201).contains(409).hasSize(16);
            assertThat(answers.stream().filter(status -> status == 409)).hasSize(15);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        name                        | ''
        name                        | 5
        name                        | "\\u0007"
        start_date                  | "tomorrow"
        start_date                  | 1700000000
        start_date                  | "2999-01-01T00:00:00Z"
        end_date                    | "2020-01-01T00:00:00Z"
        max_entries_per_user        | 0
        max_entries_per_user        | 1001
        max_entries_per_user        | "3"
        max_entries_per_user        | 1.5
        voting_enabled              | "yes"
        is_active                   | 1
        prizes                      | "cup"
        prizes[0]                   | [null]
        prizes[1]                   | ["a", ""]
        settings                    | []
        settings.time_zone          | {"time_zone": "UTC+3"}
        settings.time_zone          | {"time_zone": 3}
        settings.time_zone          | {"time_zone": "'; drop table contests; --"}
        settings.votes_per_day      | {"votes_per_day": 0}
        settings.votes_per_day      | {"votes_per_day": "10"}
        settings.votes_per_song_per_day | {"votes_per_song_per_day": 2}
        settings.votes_per_week     | {"votes_per_week": 2}
        settings.submissions_close  | {"submissions_open": "2030-01-02T00:00:00Z", "submissions_close": "2030-01-01T00:00:00Z"}
        settings.submissions_close  | {"submissions_close": "2020-01-01T00:00:00Z"}
        id                          | 7
        state                       | "open"
        """)
    void nameEveryFieldThatIsWrong(String field, String value) {
        var top = field.replaceAll("[.\\[].*", "");
        var said = new HashMap<>(
                Map.of("name", "\"Wrong\"", "start_date", "\"" + yesterday + "\"", "end_date", "\"" + tomorrow + "\""));
        said.put(top, value.isEmpty() ? "\"\"" : value);
        var body = said.entrySet().stream()
                .map(one -> "\"%s\": %s".formatted(one.getKey(), one.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));

        var answer = owner.post("/api/v1/clients/chi/contests", body);

        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(answer.fields()).first().asString().startsWith(field);
        assertThat(countOf("Wrong")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "{", "{\"name\": \"a\", \"name\": \"b\"}", "\u0000", ""})
    void areMadeFromJsonObjectsOnly(String body) {
        var contest = add("Broken " + System.nanoTime(), yesterday, tomorrow, "");

        assertThat(owner.post("/api/v1/clients/chi/contests", body).status()).isIn(400, 422);
        assertThat(owner.patch("/api/v1/contests/" + id(contest), body).status())
                .isIn(400, 422);
    }

    @Test
    void sayEverythingThatIsWrongAtOnce() {
        var answer = owner.post("/api/v1/clients/chi/contests", """
            {"settings": {"votes_per_day": 0, "captcha": "maybe"}, "max_entries_per_user": 0}
            """);

        assertThat(answer.fields())
                .containsExactlyInAnyOrder(
                        "name",
                        "start_date",
                        "end_date",
                        "max_entries_per_user",
                        "settings.votes_per_day",
                        "settings.captcha");
    }

    @Test
    void takeWhateverTextPeopleWrite() {
        var contest = add("'; drop table contests; -- 🎵 \uFFFF İİ", yesterday, tomorrow, "");
        var longest = add("İ".repeat(255), yesterday, tomorrow, "");

        assertThat(visitor.get("/api/v1/contests/" + id(contest))
                        .json()
                        .path("name")
                        .asString())
                .isEqualTo("'; drop table contests; -- 🎵 \uFFFF İİ");
        assertThat(longest.path("name").asString()).hasSize(255);
        assertThat(owner.post("/api/v1/clients/chi/contests", body("x".repeat(256), yesterday, tomorrow, ""))
                        .fields())
                .containsExactly("name");
    }

    @Test
    void areChangedFieldByField() {
        var contest = add("Changing", tomorrow, future, ", \"settings\": {\"votes_per_day\": 3, \"captcha\": \"off\"}");
        var path = "/api/v1/contests/" + id(contest);

        var changed = owner.patch(path, """
            {"description": "Better", "settings": {"votes_per_day": 7, "captcha": null,
             "time_zone": "Europe/Berlin"}}
            """);

        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        assertThat(changed.json().path("name").asString()).isEqualTo("Changing");
        assertThat(changed.json().path("settings").path("votes_per_day").asInt())
                .isEqualTo(7);
        assertThat(changed.json().path("settings").path("captcha").asString()).isEqualTo("auto");
        assertThat(changed.json().path("settings").path("time_zone").asString()).isEqualTo("Europe/Berlin");
        assertThat(owner.patch(path, "{\"name\": null}").fields()).containsExactly("name");
        assertThat(owner.patch(path, "{\"settings\": {\"votes\": 1}}").fields()).containsExactly("settings.votes");
        assertThat(owner.patch(path, "{\"end_date\": \"%s\"}".formatted(yesterday))
                        .fields())
                .containsExactly("end_date");
        assertThat(facts("ContestChanged"))
                .anyMatch(fact ->
                        fact.contains("settings.votes_per_day") && fact.contains("\"3\"") && fact.contains("\"7\""));
    }

    @Test
    void areChangedByNobodyElse() {
        var path = "/api/v1/contests/" + id(add("Not Yours", yesterday, tomorrow, ""));

        assertThat(visitor.patch(path, "{}").status()).isEqualTo(401);
        assertThat(stranger.patch(path, "{}").status()).isEqualTo(403);
        assertThat(moderator.patch(path, "{}").status()).isEqualTo(403);
        assertThat(otherOwner.patch(path, "{}").status()).isEqualTo(403);
        assertThat(owner.patch("/api/v1/contests/999999", "{}").status()).isEqualTo(404);
        assertThat(owner.patch("/api/v1/contests/0x1", "{}").status()).isEqualTo(404);
    }

    @Test
    void doNotTakeTheNameOfAnother() {
        add("First Come", yesterday, tomorrow, "");
        var second = add("Second Come", yesterday, tomorrow, "");

        var answer = owner.patch("/api/v1/contests/" + id(second), "{\"name\": \"first  come\"}");

        assertThat(answer.code()).isEqualTo("contest_exists");
        assertThat(owner.patch("/api/v1/contests/" + id(second), "{\"name\": \"SECOND Come\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void keepTheirTimeZoneOnceVotingWasPossible() {
        var path = "/api/v1/contests/" + id(add("Begun", yesterday, future, ""));
        var zone = "{\"settings\": {\"time_zone\": \"Asia/Tokyo\"}}";

        assertThat(owner.patch(path, zone).code()).isEqualTo("contest_has_begun");
        owner.patch(path, "{\"voting_enabled\": false}");
        owner.patch(path, "{\"is_active\": false, \"start_date\": \"%s\"}".formatted(tomorrow));
        assertThat(owner.patch(path, zone).code()).isEqualTo("contest_has_begun");
        assertThat(owner.patch(path, "{\"settings\": {\"votes_per_day\": 2}}").status())
                .isEqualTo(200);
    }

    @Test
    void changeTheirTimeZoneWhileNobodyCouldVoteYet() {
        var path = "/api/v1/contests/" + id(add("Imported", yesterday, future, ", \"voting_enabled\": false"));

        var answer = owner.patch(path, "{\"voting_enabled\": true, \"settings\": {\"time_zone\": \"Asia/Tokyo\"}}");

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    @Test
    void areSeenAsDraftsByTheirOwnOnly() {
        var draft = add("Draft", yesterday, tomorrow, ", \"is_active\": false");
        var path = "/api/v1/contests/" + id(draft);

        assertThat(visitor.get(path).status()).isEqualTo(404);
        assertThat(stranger.get(path).status()).isEqualTo(404);
        assertThat(otherOwner.get(path).status()).isEqualTo(404);
        assertThat(otherOwner.patch(path, "{}").status()).isEqualTo(404);
        assertThat(moderator.get(path).status()).isEqualTo(200);
        assertThat(moderator.patch(path, "{}").status()).isEqualTo(403);
        assertThat(admin.get(path).status()).isEqualTo(200);
        assertThat(ids(visitor, "?client=chi")).doesNotContain(id(draft));
        assertThat(ids(otherOwner, "?state=draft")).doesNotContain(id(draft));
        assertThat(ids(moderator, "?state=draft")).contains(id(draft));
        assertThat(ids(admin, "?client=chi&state=draft")).contains(id(draft));
    }

    @Test
    void areListedByClientAndState() {
        var open = id(add("Listed Open", yesterday, tomorrow, ""));
        var closed = id(add("Listed Closed", past, yesterday, ""));

        assertThat(ids(visitor, "?client=chi&state=open&limit=200"))
                .contains(open)
                .doesNotContain(closed);
        assertThat(ids(visitor, "?state=closed&limit=200")).contains(closed).doesNotContain(open);
        assertThat(ids(visitor, "?client=pay&limit=200")).doesNotContain(open, closed);
        assertThat(ids(visitor, "?client=nobody")).isEmpty();
        assertThat(ids(visitor, "?client=%27--")).isEmpty();
        assertThat(visitor.get("/api/v1/contests?state=running").fields()).containsExactly("state");
        assertThat(visitor.get("/api/v1/contests?limit=many").fields()).containsExactly("limit");
        assertThat(visitor.get("/api/v1/contests?cursor=bm90IGEgbnVtYmVy").status())
                .isEqualTo(422);
    }

    @Test
    void areListedPartByPartWithoutLosingAny() {
        var all = ids(visitor, "?limit=200");
        var cursor = "";
        var seen = new ArrayList<Long>();
        do {
            var part = visitor.get("/api/v1/contests?limit=3" + cursor).json();
            part.path("items").forEach(item -> seen.add(id(item)));
            cursor = part.path("next_cursor").isNull()
                    ? ""
                    : "&cursor=" + part.path("next_cursor").asString();
        } while (!cursor.isEmpty());

        assertThat(seen).isEqualTo(all);
    }

    @Test
    void areKeptFromTheMembersOfOthersByTheDatabaseItself() {
        var transactions = urvote.bean(Transactions.class);
        var db = urvote.bean(JdbcClient.class);
        var draft = id(add("Under Lock", yesterday, tomorrow, ", \"is_active\": false"));
        var pay = client("pay");
        otherOwner.post("/api/v1/clients/pay/contests", body("Ours", yesterday, tomorrow, ""));
        var acting = Acting.owner(new UserId(otherOwner.user()), pay);

        assertThat(transactions.as(
                        acting,
                        () -> db.sql("select count(*) from contests where id = :id")
                                .param("id", draft)
                                .query(Long.class)
                                .single()))
                .isZero();
        assertThat(transactions.as(
                        acting,
                        () -> db.sql("update contests set name = 'Stolen' where client_id <> :pay")
                                .param("pay", pay)
                                .update()))
                .isZero();
        assertThatThrownBy(() -> transactions.as(
                        acting, () -> db.sql("""
                            insert into contests (client_id, name, start_date, end_date)
                            values (:chi, 'Smuggled', now(), now() + interval '1 day')
                            """).param("chi", client("chi")).update()))
                .isInstanceOf(DataAccessException.class);
        assertThatThrownBy(() -> transactions.as(
                        acting,
                        () -> db.sql("update contests set client_id = :chi where client_id = :pay")
                                .param("chi", client("chi"))
                                .param("pay", pay)
                                .update()))
                .isInstanceOf(DataAccessException.class);
    }

    @Test
    void standOnThePageOfTheirClient() {
        var open = add("On <Stage>", yesterday, tomorrow, "");
        var draft = add("In The Drawer", yesterday, tomorrow, ", \"is_active\": false");

        var page = visitor.page("/clients/chi");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.text())
                .contains("On &lt;Stage")
                .contains("/contests/" + id(open))
                .contains("/clients/chi/theme.css")
                .doesNotContain("In The Drawer")
                .doesNotContain("/manage");
        assertThat(moderator.page("/clients/chi").text())
                .contains("In The Drawer")
                .contains("/contests/" + id(draft))
                .contains("/clients/chi/manage/contests");
        assertThat(moderator.page("/clients/chi/manage/contests").text())
                .contains("In The Drawer")
                .doesNotContain("/edit");
        assertThat(owner.page("/clients/chi/manage/contests").text())
                .contains("/contests/%d/edit".formatted(id(draft)));
        assertThat(stranger.page("/clients/chi/manage/contests").status()).isEqualTo(403);
        assertThat(visitor.page("/clients/chi/manage/contests").status()).isEqualTo(303);
    }

    @Test
    void areMadeAndChangedOnForms() {
        var made = owner.form("/clients/chi/contests/new", form(Map.of("name", "By Form")));
        var id = Long.parseLong(made.header("Location").replaceAll(".*/", ""));
        var page = owner.page("/contests/%d/edit".formatted(id));
        var changed = owner.form(
                "/contests/%d/edit".formatted(id), form(Map.of("name", "By Form", "prizes", "One\r\n\r\nTwo")));

        assertThat(made.status()).isEqualTo(303);
        assertThat(page.text()).contains("value=\"2030-06-01T12:00\"");
        assertThat(changed.status()).isEqualTo(303);
        var contest = visitor.get("/api/v1/contests/" + id).json();
        assertThat(contest.path("start_date").asString()).isEqualTo("2030-06-01T17:00:00Z");
        assertThat(contest.path("prizes").toString()).isEqualTo("[\"One\",\"Two\"]");
        assertThat(contest.path("voting_enabled").asBoolean()).isFalse();
        assertThat(stranger.page("/contests/%d/edit".formatted(id)).status()).isEqualTo(403);
        assertThat(stranger.form("/contests/%d/edit".formatted(id), form(Map.of("name", "x")))
                        .status())
                .isEqualTo(403);
        assertThat(owner.page("/clients/chi/contests/new").status()).isEqualTo(200);
        assertThat(owner.page("/clients/pay/contests/new").status()).isEqualTo(403);
    }

    @Test
    void comeBackOnTheirFormsWithWhatWasTyped() {
        add("Taken", yesterday, tomorrow, "");

        var refused = owner.form(
                "/clients/chi/contests/new",
                form(Map.of("name", "<i>", "end_date", "2020-01-01T00:00", "votes_per_day", "many")));
        var taken = owner.form("/clients/chi/contests/new", form(Map.of("name", "taken")));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text())
                .contains("value=\"&lt;i>\"")
                .contains("id=\"end_date-error\"")
                .contains("id=\"votes_per_day-error\"")
                .contains("value=\"many\"");
        assertThat(taken.status()).isEqualTo(409);
        assertThat(taken.text()).contains("id=\"name-error\"").contains("value=\"taken\"");
    }

    private static Map<String, String> form(Map<String, String> changes) {
        var fields = new HashMap<>(Map.of(
                "time_zone", "America/Chicago",
                "start_date", "2030-06-01T12:00",
                "end_date", "2030-07-01T12:00",
                "max_entries_per_user", "2",
                "max_upload_mb", "20",
                "votes_per_day", "5",
                "listen_before_vote_seconds", "0",
                "hide_counts", "never",
                "captcha", "auto",
                "is_active", "true"));
        fields.putAll(changes);
        return fields;
    }

    private static JsonNode add(String name, String start, String end, String more) {
        var answer = owner.post("/api/v1/clients/chi/contests", body(name, start, end, more));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json();
    }

    private static String body(String name, String start, String end, String more) {
        return "{\"name\": \"%s\", \"start_date\": \"%s\", \"end_date\": \"%s\"%s}".formatted(name, start, end, more);
    }

    private static String instant(String word) {
        return switch (word) {
            case "past" -> past;
            case "yesterday" -> yesterday;
            case "tomorrow" -> tomorrow;
            default -> future;
        };
    }

    private static String quoted(@Nullable String word) {
        return word == null ? "null" : "\"" + instant(word) + "\"";
    }

    private static long id(JsonNode contest) {
        return contest.path("id").asLong();
    }

    private static List<Long> ids(Api who, String query) {
        var ids = new ArrayList<Long>();
        who.get("/api/v1/contests" + query).json().path("items").forEach(item -> ids.add(id(item)));
        return ids;
    }

    private static ClientId client(String slug) {
        return urvote.bean(Clients.class).withSlug(slug).orElseThrow().id();
    }

    private static long countOf(String name) {
        return asAdmin("select count(*)::text from contest.contests where name = :word", name).stream()
                .mapToLong(Long::parseLong)
                .sum();
    }

    private static List<String> facts(String fact) {
        return asAdmin("select detail::text from contest.audit_log where fact like '%' || :word", fact);
    }

    private static List<String> asAdmin(String sql, String word) {
        return urvote.bean(Transactions.class)
                .as(
                        new Acting(Acting.Role.ADMIN, null, null),
                        () -> urvote.bean(JdbcClient.class)
                                .sql(sql)
                                .param("word", word)
                                .query((row, _) -> row.getString(1))
                                .list());
    }
}
