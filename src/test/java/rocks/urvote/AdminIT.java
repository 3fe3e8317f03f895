package rocks.urvote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.commons.csv.CSVFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import rocks.urvote.operations.Chore;
import rocks.urvote.operations.NewsLine;
import rocks.urvote.operations.Program;
import rocks.urvote.testkit.Api;
import rocks.urvote.testkit.Api.Answer;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;
import rocks.urvote.testkit.Wire;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What admins do, what is written down about it, and that nobody takes anything of it away unnoticed.
class AdminIT {

    static RunningUrVote urvote;
    static Stage stage;
    static JdbcClient database;
    static Api admin;

    @BeforeAll
    static void start() {
        urvote = RunningUrVote.start();
        stage = new Stage(urvote);
        database = stage.database();
        admin = Api.admin(urvote, "admin");
    }

    @AfterAll
    static void stop() {
        urvote.close();
    }

    private static Api somebody() {
        return Api.signedIn(urvote, Stage.unique("somebody"));
    }

    private static Answer act(Api by, Api user, String act, String reason) {
        return by.post("/api/v1/admin/users/%d/acts".formatted(user.user()), """
            {"act": "%s", "reason": "%s"}
            """.formatted(act, reason));
    }

    private static List<JsonNode> log(String query) {
        var answer = admin.get("/api/v1/admin/audit?" + query);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        var lines = new ArrayList<JsonNode>();
        answer.json().path("items").forEach(lines::add);
        return lines;
    }

    @Test
    void findsPeopleByNameAddressAndNumber() {
        var ada = Api.signedIn(urvote, "ada-lovelace");

        for (var words : List.of("LOVELACE", "ada-lovelace%40example", Long.toString(ada.user()))) {
            var found = admin.get("/api/v1/admin/users?q=" + words);

            assertThat(found.json().path("items").get(0).path("username").asString())
                    .as(words)
                    .isEqualTo("ada-lovelace");
        }
        assertThat(admin.get("/api/v1/admin/users?q=nobody-like-this").json().path("items"))
                .isEmpty();
        assertThat(admin.page("/admin/users?q=lovelace").text()).contains("ada-lovelace@example.org");
    }

    @Test
    void readsEverybodyOnceWhereThereAreManyPages() {
        for (var number = 0; number < 3; number++) {
            somebody();
        }
        var seen = new ArrayList<Long>();
        var cursor = "";
        do {
            var page = admin.get("/api/v1/admin/users?limit=2" + cursor).json();
            page.path("items").forEach(user -> seen.add(user.path("id").asLong()));
            var next = page.path("next_cursor");
            cursor = next.isNull() ? "" : "&cursor=" + next.asString();
        } while (!cursor.isEmpty());

        assertThat(seen).doesNotHaveDuplicates().hasSizeGreaterThan(3);
    }

    @Test
    void refusesALockedPersonAtOnceAndLetsThemInAgain() {
        var person = somebody();

        assertThat(act(admin, person, "lock", "Sold votes").status()).isEqualTo(200);

        assertThat(person.get("/api/v1/me").status()).isEqualTo(401);
        assertThat(Api.visitor(urvote)
                        .post("/api/v1/sessions", """
                            {"email": "%s", "password": "correct horse battery staple"}
                            """.formatted(emailOf(person)))
                        .status())
                .isEqualTo(401);

        assertThat(act(admin, person, "unlock", "It was another one").status()).isEqualTo(200);

        assertThat(Api.signIn(urvote, person).get("/api/v1/me").status()).isEqualTo(200);
        var lines = log("about=user+%d&who=admin".formatted(person.user()));
        assertThat(lines.stream().map(line -> line.path("fact").asString()))
                .containsExactly("UserUnlocked", "UserLocked", "SessionsEnded");
        var locked = lines.get(1);
        assertThat(locked.path("actor").asString()).isEqualTo("admin");
        assertThat(locked.path("reason").asString()).isEqualTo("Sold votes");
        assertThat(locked.path("detail")
                        .path("changes")
                        .path("is_active")
                        .path("before")
                        .asString())
                .isEqualTo("true");
        assertThat(locked.path("detail")
                        .path("changes")
                        .path("is_active")
                        .path("after")
                        .asString())
                .isEqualTo("false");
    }

    private static String emailOf(Api person) {
        return database.sql("select email from identity.users where id = :user")
                .param("user", person.user())
                .query(String.class)
                .single();
    }

    @Test
    void anotherNodeRefusesALockedPersonWithinASecond() {
        try (var other = RunningUrVote.start(Map.of("URVOTE_DATABASE_URL", urvote.databaseUrl()))) {
            var person = somebody();
            assertThat(person.at(other).get("/api/v1/me").status()).isEqualTo(200);

            act(admin, person, "lock", "Two nodes");

            await().atMost(Duration.ofSeconds(1))
                    .until(() -> person.at(other).get("/api/v1/me").status() == 401);
        }
    }

    @Test
    void aNodeThatHearsNoNewsRefusesALockedPersonWithinASecondToo() {
        try (var wire = new Wire(urvote.databaseUrl(), "urvote-news");
                var deaf = RunningUrVote.start(Map.of("URVOTE_DATABASE_URL", wire.databaseUrl()))) {
            var person = somebody();
            wire.hangUp();
            await().until(() -> !deaf.bean(NewsLine.class).connected());
            assertThat(person.at(deaf).get("/api/v1/me").status()).isEqualTo(200);

            act(admin, person, "lock", "No news");

            await().atMost(Duration.ofSeconds(1))
                    .until(() -> person.at(deaf).get("/api/v1/me").status() == 401);
        }
    }

    @Test
    void verifiesAppointsDismissesAndSignsOut() {
        var person = Api.unverified(urvote, Stage.unique("newcomer"));
        assertThat(act(admin, person, "appoint", "Too early").fields()).containsExactly("act");

        act(admin, person, "verify", "Seen in person");
        assertThat(act(admin, person, "appoint", "Helps out")
                        .json()
                        .path("is_admin")
                        .asBoolean())
                .isTrue();
        var asAdmin = Api.signIn(urvote, person);
        assertThat(asAdmin.get("/api/v1/admin/users").status()).isEqualTo(200);

        act(admin, person, "dismiss", "Done helping");
        assertThat(asAdmin.get("/api/v1/me").status()).isEqualTo(401);

        var again = Api.signIn(urvote, person);
        assertThat(again.get("/api/v1/admin/users").status()).isEqualTo(403);
        act(admin, person, "sign_out", "Lost the phone");

        assertThat(again.get("/api/v1/me").status()).isEqualTo(401);
        assertThat(log("about=user+%d&who=admin".formatted(person.user())).stream()
                        .map(line -> line.path("fact").asString())
                        .filter(fact -> !fact.equals("SessionsEnded")))
                .containsExactly("UserSignedOut", "AdminDismissed", "AdminAppointed", "UserVerified");
    }

    @Test
    void wantsAReasonAndAnActItKnows() {
        var person = somebody();

        assertThat(act(admin, person, "lock", " ").fields()).containsExactly("reason");
        assertThat(act(admin, person, "delete", "x").fields()).containsExactly("act");
        assertThat(act(admin, person, "unlock", "Nothing to do").status()).isEqualTo(200);

        assertThat(log("about=user+%d&fact=UserUnlocked".formatted(person.user())))
                .isEmpty();
        var form = admin.form("/admin/users/" + person.user(), Map.of("act", "lock", "reason", ""));
        assertThat(form.status()).isEqualTo(422);
        assertThat(form.text()).contains("Reason is required");
    }

    @Test
    void oneAdminAlwaysRemains() throws Exception {
        try (var alone = RunningUrVote.start()) {
            var one = Api.admin(alone, "one");
            var other = Api.admin(alone, "other");
            var superuser = new Stage(alone).database();
            superuser
                    .sql("update identity.users set is_admin = false where username = 'stage-admin'")
                    .update();

            var answers = Stage.atOnce(List.<Callable<Integer>>of(
                    () -> act(one, other, "dismiss", "At once").status(),
                    () -> act(other, one, "lock", "At once").status()));

            assertThat(answers).contains(200).doesNotContain(500);
            assertThat(admins(superuser)).isEqualTo(1);
            var left = new HashSet<>(List.of(one, other))
                    .stream()
                            .filter(person -> person.get("/api/v1/admin/users").status() == 200)
                            .findFirst()
                            .orElseThrow();
            assertThat(act(left, left, "dismiss", "I am tired").code()).isEqualTo("last_admin");
            assertThat(act(left, left, "lock", "I am tired").status()).isEqualTo(409);
            for (var sql : List.of(
                    "update identity.users set is_admin = false",
                    "update identity.users set is_active = false",
                    "delete from identity.users where is_admin and is_active")) {
                assertThat(org.assertj.core.api.Assertions.catchThrowable(
                                () -> superuser.sql(sql).update()))
                        .isInstanceOf(DataAccessException.class)
                        .hasMessageContaining("last admin");
            }
        }
    }

    private static int admins(JdbcClient superuser) {
        return superuser
                .sql("select count(*) from identity.users where is_admin and is_active")
                .query(Integer.class)
                .single();
    }

    @Test
    void findsWhatWasWrittenDownByEveryFilter() {
        var before = Instant.now();
        var song = stage.pendingSong(stage.contest(), Stage.unique("Song "));
        admin.post("/api/v1/songs/%d/rejection".formatted(song.value()), "{\"reason\": \"Too quiet\"}");

        var line =
                log("about=song+%d&fact=SongRejected".formatted(song.value())).getFirst();

        assertThat(line.path("reason").asString()).isEqualTo("Too quiet");
        assertThat(line.path("actor").asString()).isEqualTo("admin");
        assertThat(line.path("client").asString()).isEqualTo("Stage");
        for (var filter : List.of("who=" + admin.user(), "client=stage", "from=" + before, "from=2020-01-01")) {
            assertThat(log("about=song+%d&%s".formatted(song.value(), filter)))
                    .as(filter)
                    .contains(line);
        }
        assertThat(log("about=song+%d&until=%s".formatted(song.value(), before)))
                .doesNotContain(line);
        assertThat(admin.get("/api/v1/admin/audit?who=nobody&about=tree&client=none&from=yesterday")
                        .fields())
                .containsExactlyInAnyOrder("who", "about", "client", "from");
        assertThat(admin.get("/api/v1/admin/audit?cursor=MTIz").fields()).containsExactly("cursor");
        assertThat(admin.page("/admin/audit?about=song+" + song.value()).text())
                .contains("Song rejected", "Too quiet", "/admin/users/" + admin.user());
        assertThat(admin.page("/admin/audit?who=nobody").status()).isEqualTo(422);
    }

    @Test
    void aReasonGivenWithAnyWriteStandsBesideIt() {
        var slug = Stage.unique("reasoned");

        admin.postWith(
                "/api/v1/clients",
                "{\"slug\": \"%s\", \"name\": \"%s\"}".formatted(slug, slug),
                "Content-Type",
                "application/json",
                "X-Reason",
                "Signed the contract");
        admin.form(
                "/admin/clients/new",
                Map.of(
                        "name",
                        slug + " too",
                        "brand",
                        "#112233",
                        "accent",
                        "#445566",
                        "audit_reason",
                        "A second brand"));

        assertThat(log("fact=ClientAdded&who=admin").stream()
                        .limit(2)
                        .map(line -> line.path("reason").asString()))
                .containsExactly("A second brand", "Signed the contract");
    }

    @Test
    void readsTheWholeLogOncePageByPage() {
        var seen = new ArrayList<String>();
        var cursor = "";
        do {
            var page = admin.get("/api/v1/admin/audit?limit=7" + cursor).json();
            page.path("items")
                    .forEach(line -> seen.add(
                            line.path("service").asString() + line.path("id").asLong()));
            var next = page.path("next_cursor");
            cursor = next.isNull() ? "" : "&cursor=" + next.asString();
        } while (!cursor.isEmpty());

        assertThat(seen).doesNotHaveDuplicates().hasSizeGreaterThan(7);
    }

    @Test
    void whatIsTakenAlongIsNoFormulaAndIsWrittenDown() throws Exception {
        var person = somebody();
        act(admin, person, "lock", "=HYPERLINK(\\\"http://evil.example\\\")");

        var csv = admin.get("/admin/audit/export?format=csv&about=user+" + person.user());
        var lines = admin.get("/admin/audit/export?format=jsonl&about=user+" + person.user());

        assertThat(csv.header("Content-Disposition")).contains("attachment", ".csv");
        try (var parsed = CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get()
                .parse(new StringReader(csv.text()))) {
            var locked = parsed.stream()
                    .filter(row -> row.get("fact").equals("UserLocked"))
                    .findFirst()
                    .orElseThrow();
            assertThat(locked.get("reason")).isEqualTo("'=HYPERLINK(\"http://evil.example\")");
            assertThat(locked.get("actor")).isEqualTo("admin");
            assertThat(locked.get("changes")).isEqualTo("is_active: true -> false");
        }
        assertThat(lines.text().lines())
                .allSatisfy(line -> assertThat(
                                new JsonMapper().readTree(line).path("fact").asString())
                        .isNotEmpty());
        assertThat(log("fact=LogExported")
                        .getFirst()
                        .path("detail")
                        .path("filter")
                        .path("about")
                        .asString())
                .isEqualTo("user " + person.user());
        assertThat(admin.get("/admin/audit/export?format=xls").fields()).containsExactly("format");
    }

    @Test
    void aLineRemovedChangedOrAddedByHandIsFound() throws Exception {
        var person = somebody();
        act(admin, person, "lock", "For the seal");
        act(admin, person, "unlock", "For the seal");
        seal();
        assertThat(verify()).as(said.toString()).isZero();
        var row =
                "select * from identity.audit_log where fact = 'UserLocked' and detail @> jsonb_build_object('user', %d)"
                        .formatted(person.user());
        database.sql("create table public.aside as " + row).update();
        long id = database.sql("select id from public.aside").query(Long.class).single();

        database.sql("delete from identity.audit_log where id = " + id).update();

        assertThat(verify()).isEqualTo(1);
        assertThat(said.toString()).contains("identity: lines %d of the log were removed".formatted(id));
        assertThat(check()).contains("warn audit log: identity: lines %d of the log were removed".formatted(id));

        database.sql("insert into identity.audit_log overriding system value select * from public.aside")
                .update();
        assertThat(verify()).as(said.toString()).isZero();
        assertThat(check()).contains("ok   audit log: ");

        database.sql("update identity.audit_log set actor_id = 4711 where id = " + id)
                .update();
        assertThat(verify()).isEqualTo(1);
        assertThat(said.toString()).contains("does not hold");
        database.sql("update identity.audit_log set actor_id = %d where id = %d".formatted(admin.user(), id))
                .update();
        assertThat(verify()).isZero();

        var newest = database.sql("select max(no) from identity.audit_seals")
                .query(Long.class)
                .single();
        database.sql("create table public.seals_aside as select * from identity.audit_seals where no = " + newest)
                .update();
        database.sql("delete from identity.audit_seals where no = " + newest).update();
        assertThat(verify()).isEqualTo(1);
        assertThat(said.toString()).contains("which this machine saw, is gone");
        database.sql("insert into identity.audit_seals select * from public.seals_aside")
                .update();
        assertThat(verify()).isZero();

        database.sql("update identity.audit_seals set sealed_at = now() - interval '2 days'")
                .update();
        act(admin, person, "lock", "Two days later");
        seal();
        database.sql("""
            insert into identity.audit_log (id, happened_at, fact, actor_role, detail) overriding system value
            values (0, now(), 'Forged', 'admin', '{}')
            """).update();
        assertThat(verify()).isEqualTo(1);
        assertThat(said.toString()).contains("line 0 of the log has no seal");
        seal();
        assertThat(verify()).isEqualTo(1);
        assertThat(said.toString()).contains("line 0 of the log has no seal");
        database.sql("delete from identity.audit_log where id = 0").update();
        assertThat(verify()).isZero();
        database.sql("drop table public.aside, public.seals_aside").update();
    }

    /// A transaction that draws its number first and ends last is sealed later.
    @Test
    void aLineThatComesLateIsSealedAllTheSame() throws Exception {
        comesLate("Slow");
        assertThat(verify()).as(said.toString()).isZero();

        seal();

        assertThat(verify()).as(said.toString()).isZero();
        assertThat(sealed("Slow")).isEqualTo(1);
    }

    /// A backup is looked at long after, and after a quiet time the next seal comes late: no line was added by then.
    @Test
    void aLineThatComesLateIsNotTakenForOneAddedByHandHoweverLongAgoTheNewestSealIs() throws Exception {
        comesLate("Slower");
        database.sql("update identity.audit_seals set sealed_at = sealed_at - interval '2 days'")
                .update();
        assertThat(verify()).as(said.toString()).isZero();

        seal();

        assertThat(verify()).as(said.toString()).isZero();
        assertThat(sealed("Slower")).isEqualTo(1);
    }

    /// A line whose number was drawn before, and that is there after, the next seal.
    private static void comesLate(String fact) throws Exception {
        try (var slow = stage.connection();
                var statement = slow.prepareStatement("""
                    insert into identity.audit_log (happened_at, fact, actor_role, detail)
                    values (now(), ?, 'chore', '{}')
                    """)) {
            slow.setAutoCommit(false);
            statement.setString(1, fact);
            statement.execute();
            somebody();
            seal();
            slow.commit();
        }
    }

    private static int sealed(String fact) {
        return database.sql("""
            select count(*)
              from identity.audit_log a
             where fact = :fact and exists (select from identity.audit_seals s where a.id <@ s.ids)
            """).param("fact", fact).query(Integer.class).single();
    }

    private static void seal() throws Exception {
        urvote.beans(Chore.class).stream()
                .filter(chore -> chore.name().equals("seal the audit log"))
                .findFirst()
                .orElseThrow()
                .run();
    }

    private static StringWriter said = new StringWriter();

    private static int verify() {
        return run("audit", "verify");
    }

    private static String check() {
        run("check");
        return said.toString();
    }

    private static int run(String... arguments) {
        said = new StringWriter();
        var out = new PrintWriter(said, true);
        return Program.run(
                UrVote.class,
                Map.of(
                        "URVOTE_DATABASE_URL", urvote.databaseUrl(),
                        "URVOTE_DATA_DIR", urvote.dataDir().toString()),
                urvote.dataDir(),
                out,
                out,
                arguments);
    }

    @Test
    void showsWhatIsSetButNoSecret() {
        var page = admin.page("/admin/settings").text();
        var settings = admin.get("/api/v1/admin/settings").json().path("settings");

        var password = urvote.databaseUrl().replaceAll(".*:([^:@/]+)@.*", "$1");
        assertThat(page).contains("URVOTE_POOL_MAX", "set, and not shown").doesNotContain(password);
        settings.forEach(setting -> {
            if (setting.path("name").asString().equals("URVOTE_DATABASE_URL")) {
                assertThat(setting.path("value").isNull()).isTrue();
                assertThat(setting.path("origin").asString()).isEqualTo("given");
            }
            if (setting.path("name").asString().equals("URVOTE_POOL_MAX")) {
                assertThat(setting.path("value").asString()).isEqualTo("10");
            }
        });
        assertThat(settings).hasSizeGreaterThan(20);
    }

    @Test
    void mailsThatWaitAreSeenAndTriedAgain() throws IOException {
        try (var port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var mute =
                        RunningUrVote.start(Map.of("URVOTE_SMTP_URL", "smtp://127.0.0.1:%d".formatted(closed(port))))) {
            var boss = Api.admin(mute, "boss");
            Api.visitor(mute).post("/api/v1/sign-in-codes", "{\"email\": \"waits@example.org\"}");

            await().untilAsserted(() ->
                    assertThat(boss.get("/api/v1/admin/mails").text()).contains("waits@example.org", "onnect"));
            assertThat(boss.page("/admin/mails").text()).contains("waits@example.org");

            await().until(() -> boss.post("/api/v1/admin/mails/retries")
                            .json()
                            .path("mails")
                            .asInt()
                    == 1);

            assertThat(boss.get("/api/v1/admin/audit?fact=MailsRetried&who=boss")
                            .json()
                            .path("items"))
                    .isNotEmpty();
        }
    }

    private static int closed(ServerSocket port) throws IOException {
        var number = port.getLocalPort();
        port.close();
        return number;
    }

    @Test
    void peopleSeeWhereTheyAreSignedInAndEndIt() {
        var person = somebody();
        var phone = Api.signIn(urvote, person);
        var tablet = Api.signIn(urvote, person);
        var places = person.get("/api/v1/me/sessions").json().path("items");

        assertThat(places).hasSize(3);
        assertThat(places.get(0).path("device").asString()).isNotEmpty();
        var foreign = somebody()
                .get("/api/v1/me/sessions")
                .json()
                .path("items")
                .get(0)
                .path("id")
                .asString();
        assertThat(person.delete("/api/v1/me/sessions/" + foreign).status()).isEqualTo(404);
        assertThat(person.delete("/api/v1/me/sessions/none").status()).isEqualTo(404);
        places.forEach(place -> {
            if (!place.path("current").asBoolean()
                    && place.path("id").asString().equals(newest(person))) {
                assertThat(person.delete("/api/v1/me/sessions/"
                                        + place.path("id").asString())
                                .status())
                        .isEqualTo(204);
            }
        });
        assertThat(tablet.get("/api/v1/me").status()).isEqualTo(401);
        assertThat(phone.get("/api/v1/me").status()).isEqualTo(200);

        assertThat(person.delete("/api/v1/me/sessions").status()).isEqualTo(204);

        assertThat(phone.get("/api/v1/me").status()).isEqualTo(401);
        assertThat(person.get("/api/v1/me").status()).isEqualTo(200);
        assertThat(person.page("/me").text()).contains("Where you are signed in");
    }

    private static String newest(Api person) {
        return database.sql(
                        "select id::text from identity.sessions where user_id = :user order by started_at desc limit 1")
                .param("user", person.user())
                .query(String.class)
                .single();
    }
}
