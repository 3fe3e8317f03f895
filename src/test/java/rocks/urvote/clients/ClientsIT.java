package rocks.urvote.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import rocks.urvote.identity.People;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;
import rocks.urvote.testkit.Api;
import rocks.urvote.testkit.RunningUrVote;

class ClientsIT {

    static RunningUrVote urvote;
    static Api visitor;
    static Api admin;
    static Api owner;
    static Api moderator;
    static Api stranger;

    @BeforeAll
    static void twoClientsWithTheirPeople() {
        urvote = RunningUrVote.start();
        visitor = Api.visitor(urvote);
        admin = Api.admin(urvote, "adele");
        owner = Api.signedIn(urvote, "olivia");
        moderator = Api.signedIn(urvote, "maurice");
        stranger = Api.signedIn(urvote, "sam");
        add("sound-of-chi", "Sound of Chi");
        add("payportpro", "PayPortPro");
        appoint(admin, "sound-of-chi", owner, "owner");
        appoint(admin, "sound-of-chi", moderator, "moderator");
    }

    @AfterAll
    static void stop() {
        urvote.close();
    }

    @Test
    void areMadeByAdminsOnly() {
        var body = """
            {"slug": "one-more", "name": "One More"}
            """;

        assertThat(visitor.post("/api/v1/clients", body).code()).isEqualTo("sign_in_required");
        assertThat(owner.post("/api/v1/clients", body).code()).isEqualTo("forbidden");
        assertThat(visitor.get("/api/v1/clients/one-more").status()).isEqualTo(404);
    }

    @Test
    void areShownWithAllThatTheySayAboutThemselves() {
        var added = admin.post("/api/v1/clients", """
            {"slug": "jericho", "name": " Jericho Homestead ", "tagline": "Bread and songs", "about": "First.\\n\\nSecond.",
             "website_url": "HTTPS://jericho.example/a?b=c", "contact_email": "hello@jericho.example",
             "theme": {"brand": "#1F4FA8"}}
            """);

        assertThat(added.status()).isEqualTo(201);
        assertThat(added.header("Location")).isEqualTo("/api/v1/clients/jericho");
        var shown = visitor.get("/api/v1/clients/jericho");
        assertThat(shown.json()).isEqualTo(added.json());
        assertThat(shown.json().path("name").asString()).isEqualTo("Jericho Homestead");
        assertThat(shown.json().path("website_url").asString()).isEqualTo("https://jericho.example/a?b=c");
        assertThat(shown.json().path("theme").path("brand").asString()).isEqualTo("#1f4fa8");
        assertThat(shown.json().path("theme").path("accent").asString()).isEqualTo(Client.Theme.DEFAULT.accent());
    }

    @Test
    void honourTheTagOfWhatTheReaderHas() {
        var first = visitor.get("/api/v1/clients/payportpro");

        assertThat(first.header("ETag")).isNotEmpty();
        assertThat(visitor.get("/api/v1/clients/payportpro", "If-None-Match", first.header("ETag"))
                        .status())
                .isEqualTo(304);
    }

    @ParameterizedTest
    @CsvSource({
        "sound-of-chi, Something Else",
        "something-else, Sound of Chi",
        "something-else, ' sound  OF chi '",
        "something-else, Sound\u00A0of Chi"
    })
    void haveASlugAndANameOfTheirOwn(String slug, String name) {
        var answer = admin.post("/api/v1/clients", """
            {"slug": "%s", "name": "%s"}
            """.formatted(slug, name));

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.code()).isEqualTo("client_exists");
    }

    @Test
    void getASlugFromTheirNameWhereNoneIsGiven() {
        var first = admin.post("/api/v1/clients", "{\"name\": \"Café Zürich\"}");
        var second = admin.post("/api/v1/clients", "{\"name\": \"Cafe Zurich!\"}");

        assertThat(first.json().path("slug").asString()).isEqualTo("cafe-zurich");
        assertThat(second.json().path("slug").asString()).isEqualTo("cafe-zurich-2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        slug          | {"slug": "Not A Slug", "name": "X"}
        slug          | {"slug": "../admin", "name": "X"}
        name          | {"slug": "x"}
        name          | {"slug": "x", "name": "   "}
        name          | {"slug": "x", "name": "\\u0000"}
        name          | {"slug": "x", "name": 7}
        name          | {"slug": "x", "name": ["a"]}
        website_url   | {"slug": "x", "name": "X", "website_url": "javascript:alert(1)"}
        website_url   | {"slug": "x", "name": "X", "website_url": "ftp://example.org"}
        website_url   | {"slug": "x", "name": "X", "website_url": "https://user:secret@example.org"}
        contact_email | {"slug": "x", "name": "X", "contact_email": "nobody"}
        theme.brand   | {"slug": "x", "name": "X", "theme": {"brand": "red"}}
        theme.brand   | {"slug": "x", "name": "X", "theme": {"brand": "#12345;}"}}
        theme.paint   | {"slug": "x", "name": "X", "theme": {"paint": "#123456"}}
        colour        | {"slug": "x", "name": "X", "colour": "#123456"}
        """)
    void nameEveryFieldThatIsWrong(String field, String body) {
        var answer = admin.post("/api/v1/clients", body);

        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(answer.fields().getFirst()).startsWith(field);
        assertThat(visitor.get("/api/v1/clients/x").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "\"a\"", "{", "7", ""})
    void areMadeFromJsonObjectsOnly(String body) {
        assertThat(admin.post("/api/v1/clients", body).status()).isEqualTo(400);
        assertThat(admin.patch("/api/v1/clients/payportpro", body).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody-here", "Sound-Of-Chi", "..%2f..%2fetc", "a%00b", "%27%20or%201=1", "%F0%9F%8E%B5"})
    void areNotThereUnderOtherAddresses(String slug) {
        assertThat(visitor.get("/api/v1/clients/" + slug).status()).isIn(400, 404);
        assertThat(visitor.page("/clients/" + slug).status()).isIn(400, 404);
        assertThat(visitor.get("/clients/%s/theme.css".formatted(slug)).status())
                .isIn(400, 404);
        assertThat(admin.patch("/api/v1/clients/" + slug, "{}").status()).isIn(400, 404);
    }

    @Test
    void areChangedByOwnersFieldByField() {
        add("changing", "Changing");
        appoint(admin, "changing", owner, "owner");

        var answer = owner.patch("/api/v1/clients/changing", """
            {"tagline": "New", "theme": {"accent": "#abcdef"}}
            """);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("tagline").asString()).isEqualTo("New");
        assertThat(answer.json().path("theme").path("accent").asString()).isEqualTo("#abcdef");
        assertThat(answer.json().path("theme").path("brand").asString()).isEqualTo(Client.Theme.DEFAULT.brand());
        assertThat(owner.patch("/api/v1/clients/changing", "{\"tagline\": null}")
                        .json()
                        .path("tagline")
                        .isNull())
                .isTrue();
        assertThat(facts("ClientChanged")).anyMatch(fact -> fact.contains("\"tagline\"") && fact.contains("New"));
    }

    @Test
    void areChangedByNobodyElse() {
        var change = "{\"tagline\": \"Mine\"}";

        assertThat(visitor.patch("/api/v1/clients/sound-of-chi", change).status())
                .isEqualTo(401);
        assertThat(stranger.patch("/api/v1/clients/sound-of-chi", change).status())
                .isEqualTo(403);
        assertThat(moderator.patch("/api/v1/clients/sound-of-chi", change).status())
                .isEqualTo(403);
        assertThat(owner.patch("/api/v1/clients/payportpro", change).status()).isEqualTo(403);
    }

    @Test
    void getAnotherSlugFromAdminsOnly() {
        add("old-word", "Old Word");
        appoint(admin, "old-word", owner, "owner");

        assertThat(owner.patch("/api/v1/clients/old-word", "{\"slug\": \"new-word\"}")
                        .status())
                .isEqualTo(403);
        assertThat(admin.patch("/api/v1/clients/old-word", "{\"slug\": \"new-word\"}")
                        .status())
                .isEqualTo(200);
        assertThat(visitor.get("/api/v1/clients/new-word").status()).isEqualTo(200);
        assertThat(admin.patch("/api/v1/clients/new-word", "{\"slug\": \"payportpro\"}")
                        .code())
                .isEqualTo("client_exists");
    }

    @Test
    void areListedPartByPart() {
        var first = visitor.get("/api/v1/clients?limit=1");
        var cursor = first.json().path("next_cursor").asString();
        var second = visitor.get("/api/v1/clients?limit=1&cursor=" + cursor);

        assertThat(first.json().path("items").size()).isEqualTo(1);
        assertThat(second.json().path("items").size()).isEqualTo(1);
        assertThat(second.json().path("items").get(0))
                .isNotEqualTo(first.json().path("items").get(0));
        assertThat(visitor.get("/api/v1/clients?limit=0").status()).isEqualTo(422);
        assertThat(visitor.get("/api/v1/clients?cursor=%00").status()).isIn(400, 422);
    }

    @Test
    void showTheirMembersToMembersOnly() {
        var members =
                moderator.get("/api/v1/clients/sound-of-chi/members").json().path("items");

        assertThat(IntStream.range(0, members.size())
                        .mapToObj(i -> members.get(i).path("username").asString() + " "
                                + members.get(i).path("role").asString()))
                .contains("olivia owner", "maurice moderator");
        assertThat(visitor.get("/api/v1/clients/sound-of-chi/members").status()).isEqualTo(401);
        assertThat(stranger.get("/api/v1/clients/sound-of-chi/members").status())
                .isEqualTo(403);
        assertThat(moderator.get("/api/v1/clients/payportpro/members").status()).isEqualTo(403);
    }

    @Test
    void areJoinedAndLeftByTheWordOfOwners() {
        add("joining", "Joining");
        appoint(admin, "joining", owner, "owner");
        var path = "/api/v1/clients/joining/members/" + stranger.user();

        assertThat(stranger.put(path, "{\"role\": \"owner\"}").status()).isEqualTo(403);
        assertThat(owner.put(path, "{\"role\": \"king\"}").fields()).containsExactly("role");
        assertThat(owner.put(path, "{}").fields()).containsExactly("role");
        assertThat(owner.put("/api/v1/clients/joining/members/999999", "{\"role\": \"owner\"}")
                        .status())
                .isEqualTo(404);
        assertThat(owner.put(path, "{\"role\": \"moderator\"}")
                        .json()
                        .path("username")
                        .asString())
                .isEqualTo("sam");
        assertThat(stranger.get("/api/v1/clients/joining/members").status()).isEqualTo(200);
        assertThat(stranger.patch("/api/v1/clients/joining", "{\"tagline\": \"x\"}")
                        .status())
                .isEqualTo(403);
        assertThat(owner.delete(path).status()).isEqualTo(204);
        assertThat(owner.delete(path).status()).isEqualTo(404);
        assertThat(stranger.get("/api/v1/clients/joining/members").status()).isEqualTo(403);
        assertThat(facts("MemberAdded")).isNotEmpty();
        assertThat(facts("MemberRemoved")).isNotEmpty();
    }

    @Test
    void giveNoRoleToWhomeverSignedUpForAnAddressBeforeItsOwner() {
        add("waiting", "Waiting");
        appoint(admin, "waiting", owner, "owner");
        visitor.post("/api/v1/users", """
            {"email": "anna@brand.example", "username": "not anna", "password": "correct horse battery"}
            """);
        var stranger = urvote.bean(People.class)
                .withEmail(new EmailAddress("anna@brand.example"))
                .orElseThrow();

        var byForm = owner.form(
                "/clients/waiting/manage/members", Map.of("email", "anna@brand.example", "role", "moderator"));
        var byProgram =
                owner.put("/api/v1/clients/waiting/members/" + stranger.id().value(), "{\"role\": \"moderator\"}");

        assertThat(byForm.status()).isEqualTo(422);
        assertThat(byForm.text()).contains("id=\"email-error\"").contains("has not verified this address yet");
        assertThat(byProgram.status()).isEqualTo(422);
        assertThat(byProgram.fields()).containsExactly("email");
        assertThat(urvote.bean(Members.class)
                        .roleOf(
                                stranger.id(),
                                urvote.bean(Clients.class)
                                        .withSlug("waiting")
                                        .orElseThrow()
                                        .id()))
                .isEmpty();
    }

    @Test
    void keepTheirLastOwner() {
        add("lonely", "Lonely");
        appoint(admin, "lonely", owner, "owner");
        var path = "/api/v1/clients/lonely/members/" + owner.user();

        assertThat(owner.delete(path).code()).isEqualTo("last_owner");
        assertThat(owner.put(path, "{\"role\": \"moderator\"}").code()).isEqualTo("last_owner");
        assertThat(admin.delete(path).status()).isEqualTo(204);
    }

    @Test
    void keepOneOwnerWhenAllLeaveAtOnce() throws Exception {
        add("leaving", "Leaving");
        appoint(admin, "leaving", owner, "owner");
        appoint(admin, "leaving", stranger, "owner");
        var leave = IntStream.range(0, 2)
                .mapToObj(i -> i == 0 ? owner : stranger)
                .<Callable<Integer>>map(
                        person -> () -> person.delete("/api/v1/clients/leaving/members/" + person.user())
                                .status())
                .toList();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = threads.invokeAll(leave).stream()
                    .map(answer -> answer.resultNow())
                    .toList();

            assertThat(answers).containsExactlyInAnyOrder(204, 409);
        }
    }

    @Test
    void areHiddenFromTheMembersOfOthersByTheDatabaseItself() {
        var transactions = urvote.bean(Transactions.class);
        var db = urvote.bean(JdbcClient.class);
        var chi = urvote.bean(Clients.class)
                .withSlug("sound-of-chi")
                .orElseThrow()
                .id();
        var pay =
                urvote.bean(Clients.class).withSlug("payportpro").orElseThrow().id();
        var acting = Acting.member(new UserId(owner.user()), chi);

        assertThat(transactions.as(
                        acting,
                        () -> db.sql("select count(*) from client_members where client_id <> :chi")
                                .param("chi", chi)
                                .query(Long.class)
                                .single()))
                .isEqualTo(transactions.as(
                        Acting.user(new UserId(owner.user())),
                        () -> db.sql("select count(*) from client_members where client_id <> :chi")
                                .param("chi", chi)
                                .query(Long.class)
                                .single()));
        assertThat(transactions.as(
                        acting,
                        () -> db.sql("update clients set tagline = 'x' where id = :pay")
                                .param("pay", pay)
                                .update()))
                .isZero();
        assertThatThrownBy(() -> transactions.as(
                        acting,
                        () -> db.sql("insert into client_members (client_id, user_id, role) values (:pay, 1, 'owner')")
                                .param("pay", pay)
                                .update()))
                .isInstanceOf(DataAccessException.class);
        assertThat(db.sql("select count(*) from client_members")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void lendTheirColoursAsAStyleSheet() {
        add("colourful", "Colourful");
        admin.patch("/api/v1/clients/colourful", "{\"theme\": {\"brand\": \"#ffd23f\", \"accent\": \"#101010\"}}");

        var css = visitor.get("/clients/colourful/theme.css");

        assertThat(css.status()).isEqualTo(200);
        assertThat(css.header("Content-Type")).startsWith("text/css");
        assertThat(css.text()).isEqualTo(":root { --brand: #ffd23f; --brand-ink: #000000; --accent: #101010; }\n");
        assertThat(visitor.get("/clients/colourful/theme.css", "If-None-Match", css.header("ETag"))
                        .status())
                .isEqualTo(304);
        assertThat(visitor.get("/clients/themes.css").text())
                .contains("[data-client=\"colourful\"] { --brand: #ffd23f;");
    }

    @Test
    void areKeptOnPagesByThoseWhoMay() {
        add("pages", "Pages & Co");
        appoint(admin, "pages", owner, "owner");

        assertThat(visitor.page("/clients/pages/manage").status()).isEqualTo(303);
        assertThat(visitor.page("/admin/clients").status()).isEqualTo(303);
        assertThat(stranger.page("/clients/pages/manage").status()).isEqualTo(403);
        assertThat(owner.page("/admin/clients").status()).isEqualTo(403);
        assertThat(admin.page("/admin/clients").text()).contains("Pages &amp; Co");
        assertThat(admin.page("/admin/clients/new").status()).isEqualTo(200);
        assertThat(owner.page("/clients/pages/manage").text()).contains("value=\"Pages &amp; Co\"");
        assertThat(owner.page("/clients/pages/manage/members").text()).contains("olivia");
    }

    @Test
    void comeBackOnTheirFormsWithWhatWasTyped() {
        var refused = admin.form("/admin/clients/new", Map.of("name", "<b>Bold</b>", "slug", "NO", "brand", "red"));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text())
                .contains("value=\"&lt;b>Bold&lt;/b>\"")
                .contains("id=\"slug-error\"")
                .contains("id=\"brand-error\"");
    }

    @Test
    void areMadeAndChangedOnForms() {
        var made = admin.form(
                "/admin/clients/new", Map.of("name", "By Form", "slug", "", "brand", "#112233", "accent", "#445566"));
        appoint(admin, "by-form", owner, "owner");
        var changed = owner.form(
                "/clients/by-form/manage",
                Map.of("name", "By Form", "tagline", "Kept", "slug", "other", "brand", "#112233", "accent", "#445566"));
        var added =
                owner.form("/clients/by-form/manage/members", Map.of("email", Api.email("sam"), "role", "moderator"));
        var unknown = owner.form(
                "/clients/by-form/manage/members", Map.of("email", "nobody@example.org", "role", "moderator"));
        var lastOwner = owner.form("/clients/by-form/manage/members/%d/removal".formatted(owner.user()), Map.of());

        assertThat(made.status()).isEqualTo(303);
        assertThat(made.header("Location")).isEqualTo("/clients/by-form/manage/members");
        assertThat(changed.status()).isEqualTo(303);
        assertThat(visitor.get("/api/v1/clients/by-form").json().path("tagline").asString())
                .isEqualTo("Kept");
        assertThat(added.status()).isEqualTo(303);
        assertThat(unknown.status()).isEqualTo(422);
        assertThat(unknown.text()).contains("value=\"nobody@example.org\"").contains("sign up first");
        assertThat(lastOwner.status()).isEqualTo(409);
        assertThat(lastOwner.text()).contains("last owner");
    }

    private static void add(String slug, String name) {
        var answer = admin.post("/api/v1/clients", """
            {"slug": "%s", "name": "%s"}
            """.formatted(slug, name));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    }

    private static void appoint(Api by, String slug, Api person, String role) {
        var answer = by.put(
                "/api/v1/clients/%s/members/%d".formatted(slug, person.user()), "{\"role\": \"%s\"}".formatted(role));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    private static List<String> facts(String fact) {
        return urvote.bean(Transactions.class)
                .as(
                        new Acting(Acting.Role.ADMIN, null, null),
                        () -> urvote.bean(JdbcClient.class)
                                .sql("select detail::text from contest.audit_log where fact like '%' || :fact")
                                .param("fact", fact)
                                .query(String.class)
                                .list());
    }
}
