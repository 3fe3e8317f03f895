package rocks.urvote.identity;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import rocks.urvote.operations.Program;
import rocks.urvote.testkit.Api;
import rocks.urvote.testkit.Api.Answer;
import rocks.urvote.testkit.Browser;
import rocks.urvote.testkit.Inbox;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;

/// Second factors, where they are required of admins and owners.
class TwoFactorIT {

    private static final String PASSWORD = "correct horse battery staple";

    static RunningUrVote urvote;
    static Inbox inbox;
    static JdbcClient database;
    static Api visitor;

    @BeforeAll
    static void start() {
        urvote = RunningUrVote.start(Map.of(
                "URVOTE_TWO_FACTOR", "admins,owners",
                "URVOTE_TWO_FACTOR_KEY", "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefg="));
        inbox = Inbox.of(urvote);
        database = new Stage(urvote).database();
        visitor = Api.visitor(urvote);
    }

    @AfterAll
    static void stop() {
        urvote.close();
    }

    /// Somebody with an app: its secret, and their recovery codes.
    @SuppressWarnings("ArrayRecordComponent")
    private record Person(Api api, String email, byte[] secret, List<String> recovery, Instant confirmed) {

        /// Each is good once, so whoever needs another takes the next one.
        String nextCode() {
            return Totp.code(secret, confirmed.plusSeconds(30));
        }
    }

    private static Person withApp(Api api, String email) {
        var begun = api.post("/api/v1/me/two-factor/totp");
        assertThat(begun.status()).as(begun.text()).isEqualTo(200);
        var secret = bytes(begun.json().path("secret").asString());
        var now = Instant.now();
        var confirmed = api.put("/api/v1/me/two-factor/totp", "{\"code\": \"%s\"}".formatted(Totp.code(secret, now)));
        assertThat(confirmed.status()).as(confirmed.text()).isEqualTo(200);
        assertThat(inbox.mail(email, 1)).contains("An app that shows codes was added");
        var codes = new ArrayList<String>();
        confirmed.json().path("recovery_codes").forEach(code -> codes.add(code.asString()));
        return new Person(api, email, secret, codes, now);
    }

    private static Person somebody() {
        var name = Stage.unique("factor");
        return withApp(Api.signedIn(urvote, name), Api.email(name));
    }

    private static byte[] bytes(String base32) {
        var bits = new StringBuilder();
        for (var place = 0; place < base32.length(); place++) {
            var five = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(base32.charAt(place));
            bits.append("%5s".formatted(Integer.toBinaryString(five)).replace(' ', '0'));
        }
        var bytes = new byte[bits.length() / 8];
        for (var at = 0; at < bytes.length; at++) {
            bytes[at] = (byte) Integer.parseInt(bits.substring(at * 8, at * 8 + 8), 2);
        }
        return bytes;
    }

    private static Answer firstStep(String email) {
        return visitor.post("/api/v1/sessions", "{\"email\": \"%s\", \"password\": \"%s\"}".formatted(email, PASSWORD));
    }

    private static Answer secondStep(Answer first, String code) {
        return visitor.post(
                "/api/v1/sessions/second-step",
                "{\"second_step\": \"%s\", \"code\": \"%s\"}"
                        .formatted(first.json().path("second_step").asString(), code));
    }

    @Test
    void whoHasAnAppSignsInWithItsCodeAndEachCodeIsGoodOnce() {
        var person = somebody();
        var first = firstStep(person.email());

        assertThat(first.status()).isEqualTo(401);
        assertThat(first.code()).isEqualTo("second_factor_required");
        assertThat(first.json().path("methods").get(0).asString()).isEqualTo("totp");
        assertThat(first.json().has("access_token")).isFalse();
        var code = person.nextCode();
        var second = secondStep(first, code);
        assertThat(second.status()).as(second.text()).isEqualTo(201);
        assertThat(second.json().path("user").path("email").asString()).isEqualTo(person.email());

        assertThat(secondStep(first, code).status()).isEqualTo(401);
        assertThat(secondStep(firstStep(person.email()), code).status()).isEqualTo(401);
    }

    @Test
    void aMailedCodeIsOnlyTheFirstStepToo() {
        var person = somebody();
        var mails = inbox.to(person.email()).size();
        visitor.post("/api/v1/sign-in-codes", "{\"email\": \"%s\"}".formatted(person.email()));
        var code = inbox.code(person.email(), mails + 1);

        var first = visitor.post(
                "/api/v1/sessions", "{\"email\": \"%s\", \"code\": \"%s\"}".formatted(person.email(), code));

        assertThat(first.code()).isEqualTo("second_factor_required");
        assertThat(secondStep(first, person.nextCode()).status()).isEqualTo(201);
    }

    @Test
    void ofTwoWhoShowTheSameCodeAtOnceOneComesIn() {
        var person = somebody();
        var one = firstStep(person.email());
        var other = firstStep(person.email());

        var answers = Stage.atOnce(List.<Callable<Integer>>of(
                () -> secondStep(one, person.nextCode()).status(),
                () -> secondStep(other, person.nextCode()).status()));

        assertThat(answers).containsExactlyInAnyOrder(201, 401);
    }

    @Test
    void aRecoveryCodeWorksOnceHoweverItIsTypedAndIsToldOf() {
        var person = somebody();
        assertThat(person.recovery()).hasSize(10).doesNotHaveDuplicates();
        var code = person.recovery().getFirst().replace("-", " ").toUpperCase(Locale.ROOT);

        assertThat(secondStep(firstStep(person.email()), code).status()).isEqualTo(201);
        assertThat(secondStep(firstStep(person.email()), code).status()).isEqualTo(401);

        assertThat(person.api()
                        .get("/api/v1/me/two-factor")
                        .json()
                        .path("recovery_codes_left")
                        .asInt())
                .isEqualTo(9);
        assertThat(inbox.mail(person.email(), 2)).contains("recovery codes");
        assertThat(database.sql("select count(*) from identity.recovery_codes where code_hash like '%-%'")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void fiveWrongTriesEndAStepAndTenTheTriesForAWhile() {
        var person = somebody();
        var step = firstStep(person.email());
        for (var tries = 0; tries < 5; tries++) {
            assertThat(secondStep(step, "000000").status()).isEqualTo(401);
        }
        assertThat(secondStep(step, person.nextCode()).status()).isEqualTo(401);
        var another = firstStep(person.email());
        for (var tries = 0; tries < 5; tries++) {
            secondStep(another, "000000");
        }

        var refused = secondStep(firstStep(person.email()), person.nextCode());

        assertThat(refused.code()).isEqualTo("rate_limited");
        assertThat(refused.header("Retry-After")).isNotEmpty();
    }

    @Test
    void digitsAreWrongWhereThereIsNoAppAndNotTooMany() {
        var name = Stage.unique("factor");
        var person = Api.signedIn(urvote, name);
        database.sql("""
            insert into identity.passkeys (credential_id, user_id, name, credential, sign_count)
            values (:name, :user, 'Key', '\\x00', 0)
            """).param("name", name).param("user", person.user()).update();

        var second = secondStep(firstStep(Api.email(name)), "123456");

        assertThat(second.status()).as(second.text()).isEqualTo(401);
        assertThat(second.code()).isEqualTo("invalid_credentials");
    }

    @Test
    void addingAndRemovingNeedsAFreshSignInAndIsMailedAndWrittenDown() {
        var person = somebody();
        assertThat(inbox.mail(person.email(), 1)).contains("An app that shows codes was added");
        assertThat(person.api().post("/api/v1/me/two-factor/totp").code()).isEqualTo("second_factor_exists");
        database.sql("update identity.sessions set started_at = started_at - interval '11 minutes' where user_id ="
                        + " :user")
                .param("user", person.api().user())
                .update();

        assertThat(person.api().delete("/api/v1/me/two-factor/totp").code()).isEqualTo("fresh_sign_in_required");
        assertThat(person.api().post("/api/v1/me/two-factor/recovery-codes").status())
                .isEqualTo(403);
        assertThat(person.api().page("/me/two-factor").text()).contains("Sign in again to change anything here");

        database.sql("update identity.sessions set started_at = now() where user_id = :user")
                .param("user", person.api().user())
                .update();
        assertThat(person.api().delete("/api/v1/me/two-factor/totp").status()).isEqualTo(204);
        assertThat(firstStep(person.email()).status()).isEqualTo(201);
        assertThat(inbox.mail(person.email(), 2)).contains("was removed");
        assertThat(facts(person.api())).contains("SecondFactorAdded", "SecondFactorRemoved");
        assertThat(database.sql("select count(*) from identity.recovery_codes where user_id = :user")
                        .param("user", person.api().user())
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    private static List<String> facts(Api person) {
        return database.sql(
                        "select fact from identity.audit_log where detail @> jsonb_build_object('user', :user) order"
                                + " by id")
                .param("user", person.user())
                .query((row, _) -> row.getString(1))
                .list();
    }

    @Test
    void aWrongCodeSetsNothingUp() {
        var person = Api.signedIn(urvote, Stage.unique("factor"));
        assertThat(person.put("/api/v1/me/two-factor/totp", "{\"code\": \"123456\"}")
                        .status())
                .isEqualTo(404);
        person.post("/api/v1/me/two-factor/totp");

        assertThat(person.put("/api/v1/me/two-factor/totp", "{\"code\": \"12345\"}")
                        .fields())
                .containsExactly("code");
        assertThat(person.get("/api/v1/me/two-factor").json().path("methods")).isEmpty();
    }

    /// Whatever breaks off in the middle: no factor without a line in the log and codes to get in without it.
    @Test
    void anAppIsAddedWithItsRecordAndItsCodesOrNotAtAll() {
        var api = Api.signedIn(urvote, Stage.unique("factor"));
        var secret = bytes(
                api.post("/api/v1/me/two-factor/totp").json().path("secret").asString());
        var code = "{\"code\": \"%s\"}".formatted(Totp.code(secret, Instant.now()));

        var broken = whileNoFactorIsWrittenDown(() -> api.put("/api/v1/me/two-factor/totp", code));

        assertThat(broken.status()).isEqualTo(500);
        assertThat(api.get("/api/v1/me/two-factor").json().path("methods")).isEmpty();
        assertThat(api.put("/api/v1/me/two-factor/totp", code).json().path("recovery_codes"))
                .hasSize(10);
    }

    private static <T> T whileNoFactorIsWrittenDown(Supplier<T> work) {
        database.sql("""
            alter table identity.audit_log add constraint nothing_of_factors check (fact <> 'SecondFactorAdded') not valid
            """).update();
        try {
            return work.get();
        } finally {
            database.sql("alter table identity.audit_log drop constraint nothing_of_factors")
                    .update();
        }
    }

    @Test
    void secretsLieUnderTheKey() {
        var person = somebody();

        var kept = database.sql("select secret from identity.totp_secrets where user_id = :user")
                .param("user", person.api().user())
                .query(byte[].class)
                .single();

        assertThat(kept[0]).isEqualTo((byte) 1);
        assertThat(new String(kept, StandardCharsets.ISO_8859_1))
                .doesNotContain(new String(person.secret(), StandardCharsets.ISO_8859_1));
    }

    @Test
    void adminsAndOwnersSetOneUpBeforeTheyDoAnythingElse() {
        var admin = Api.admin(urvote, Stage.unique("admin"));
        var owner = new Stage(urvote).owner();

        for (var person : List.of(admin, owner)) {
            assertThat(person.get("/api/v1/clients").code()).isEqualTo("second_factor_missing");
            assertThat(person.get("/api/v1/me").status()).isEqualTo(200);
            assertThat(person.page("/contests").header("Location")).isEqualTo("/me/two-factor");
            assertThat(person.page("/me/two-factor").text()).contains("Yours is required");
        }
        assertThat(Api.signedIn(urvote, Stage.unique("voter"))
                        .get("/api/v1/clients")
                        .status())
                .isEqualTo(200);

        var name = Stage.unique("admin");
        var withApp = withApp(Api.admin(urvote, name), Api.email(name));
        var entry = secondStep(firstStep(withApp.email()), withApp.nextCode()).json();
        assertThat(Guest.withBearer(
                                urvote.address(),
                                "GET",
                                "/api/v1/admin/users",
                                entry.path("access_token").asString())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void whoLostEverythingIsHelpedByTheOperatorOrAnAdmin() throws ClassNotFoundException {
        var lost = somebody();
        var out = new StringWriter();

        var code = Program.run(
                Class.forName("rocks.urvote.UrVote"),
                Map.of(
                        "URVOTE_DATABASE_URL", urvote.databaseUrl(),
                        "URVOTE_DATA_DIR", urvote.dataDir().toString()),
                urvote.dataDir(),
                new PrintWriter(out, true),
                new PrintWriter(out, true),
                "admin",
                "reset-two-factor",
                "--email",
                lost.email());

        assertThat(code).as(out.toString()).isZero();
        assertThat(lost.api().get("/api/v1/me").status()).isEqualTo(401);
        assertThat(firstStep(lost.email()).status()).isEqualTo(201);
        assertThat(facts(lost.api())).contains("SecondFactorRemoved", "SessionsEnded");

        var another = somebody();
        var name = Stage.unique("admin");
        var admin = withApp(Api.admin(urvote, name), Api.email(name));
        var token = secondStep(firstStep(admin.email()), admin.nextCode())
                .json()
                .path("access_token")
                .asString();
        var acted = new Guest(urvote.address())
                .bearing(token)
                .post(
                        "/api/v1/admin/users/%d/acts".formatted(another.api().user()),
                        Map.of("act", "reset_two_factor", "reason", "Phone in the lake"));
        assertThat(acted.statusCode()).as(acted.body()).isEqualTo(200);
        assertThat(firstStep(another.email()).status()).isEqualTo(201);
        assertThat(inbox.mail(another.email(), 2)).contains("took the second factors from your account");
    }

    @Test
    void theSignInPageAsksForTheSecondStepWithoutScripts() {
        var person = somebody();
        var guest = new Guest(urvote.address());

        var first = guest.submit(
                "/sign-in/password", Map.of("email", person.email(), "password", PASSWORD, "next", "/me/votes"));
        assertThat(first.headers().firstValue("Location")).hasValue("/sign-in/second-step?next=%2Fme%2Fvotes");
        assertThat(guest.page("/sign-in/second-step?next=/me/votes").body()).contains("One more step");
        assertThat(guest.get("/api/v1/me").statusCode()).isEqualTo(401);

        var wrong = guest.submit("/sign-in/second-step", Map.of("code", "000000", "next", "/me/votes"));
        assertThat(wrong.statusCode()).isEqualTo(422);
        var right = guest.submit("/sign-in/second-step", Map.of("code", person.nextCode(), "next", "/me/votes"));

        assertThat(right.headers().firstValue("Location")).hasValue("/me/votes");
        assertThat(guest.get("/api/v1/me").statusCode()).isEqualTo(200);
    }

    @Test
    void aPasskeyIsAddedUsedAndRemovedInABrowser() {
        try (var browser = Browser.start()) {
            var name = Stage.unique("key");
            var person = Api.signedIn(urvote, name);
            var context = browser.visitor(urvote.address());
            var page = atTheirFactors(name, context);

            page.getByLabel("Name").fill("Blue key");
            page.getByText("Add a passkey").click();

            assertThat(page.locator(".codes li")).hasCount(10);
            page.getByText("I have them").click();
            assertThat(page.locator("main")).containsText("Blue key");
            assertThat(person.get("/api/v1/me/two-factor")
                            .json()
                            .path("methods")
                            .get(0)
                            .asString())
                    .isEqualTo("passkey");
            assertThat(inbox.mail(Api.email(name), 1)).contains("A passkey was added");

            context.clearCookies();
            signIn(page, Api.email(name));
            assertThat(page.locator("h1")).hasText("One more step");
            page.getByText("Use a passkey").click();

            assertThat(page).hasURL(urvote.address() + "/me");
            page.navigate("/me/two-factor");
            page.getByLabel("Remove Blue key").click();
            assertThat(page.locator("main")).not().containsText("Blue key");
            assertThat(firstStep(Api.email(name)).status()).isEqualTo(201);
            context.close();
        }
    }

    /// Signed in on a machine that makes passkeys.
    private static Page atTheirFactors(String name, BrowserContext context) {
        var page = context.newPage();
        authenticator(context, page);
        signIn(page, Api.email(name));
        page.navigate("/me/two-factor");
        return page;
    }

    @Test
    void aPasskeyIsAddedWithItsRecordAndItsCodesOrNotAtAll() {
        try (var browser = Browser.start()) {
            var name = Stage.unique("key");
            var person = Api.signedIn(urvote, name);
            var context = browser.visitor(urvote.address());
            var page = atTheirFactors(name, context);
            page.getByLabel("Name").fill("Broken key");

            var broken = whileNoFactorIsWrittenDown(() -> page.waitForResponse(
                    response -> response.url().endsWith("/me/passkeys"),
                    () -> page.getByText("Add a passkey").click()));

            assertThat(broken.status()).isEqualTo(500);
            assertThat(person.get("/api/v1/me/two-factor").json().path("methods"))
                    .isEmpty();
            context.close();
        }
    }

    @Test
    void aPasskeyNobodyMadeIsRefused() {
        var person = Api.signedIn(urvote, Stage.unique("key"));

        for (var credential :
                List.of("{}", "{\"id\": \"AAAA\", \"rawId\": \"AAAA\", \"type\": \"public-key\"}", "[]")) {
            person.post("/api/v1/me/passkeys/options");
            var answer = person.post(
                    "/api/v1/me/passkeys", "{\"name\": \"Forged\", \"credential\": %s}".formatted(credential));
            assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        }
        var app = somebody();
        var first = firstStep(app.email());
        var answer = visitor.post(
                "/api/v1/sessions/second-step/passkey",
                "{\"second_step\": \"%s\", \"credential\": {}}"
                        .formatted(first.json().path("second_step").asString()));
        assertThat(answer.status()).isEqualTo(401);
        assertThat(options(visitor).status()).isEqualTo(401);
    }

    private static Answer options(Api by) {
        return by.post("/api/v1/sessions/second-step/passkey-options", "{}");
    }

    private static void authenticator(BrowserContext context, Page page) {
        var cdp = context.newCDPSession(page);
        cdp.send("WebAuthn.enable");
        var options = new JsonObject();
        options.addProperty("protocol", "ctap2");
        options.addProperty("transport", "internal");
        options.addProperty("hasResidentKey", true);
        options.addProperty("hasUserVerification", true);
        options.addProperty("isUserVerified", true);
        options.addProperty("automaticPresenceSimulation", true);
        var wrapped = new JsonObject();
        wrapped.add("options", options);
        cdp.send("WebAuthn.addVirtualAuthenticator", wrapped);
    }

    private static void signIn(Page page, String email) {
        page.navigate("/sign-in/password?next=/me");
        page.getByLabel("E-mail").fill(email);
        page.getByLabel("Password").fill(PASSWORD);
        page.locator("main form button").first().click();
    }
}
