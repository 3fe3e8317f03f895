package rocks.urvote.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.operations.Program;
import rocks.urvote.testkit.Inbox;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;
import rocks.urvote.testkit.TestPostgres;

class AccountsIT {

    private static final AtomicInteger PEOPLE = new AtomicInteger();
    private static final String WORDS = "correct horse battery";

    private static String database;
    private static RunningUrVote urvote;
    private static Inbox inbox;

    private final String ada = "ada.%s@example.org".formatted(letters(PEOPLE.incrementAndGet()));
    private Guest guest;

    @BeforeAll
    static void start() {
        database = TestPostgres.freshDatabase();
        urvote = RunningUrVote.start(Map.of("URVOTE_DATABASE_URL", database, "URVOTE_CODES_PER_ADDRESS", "100000"));
        inbox = new Inbox(urvote.dataDir().resolve("outbox"));
    }

    @AfterAll
    static void stop() {
        urvote.close();
    }

    @BeforeEach
    void arrive() {
        guest = new Guest(urvote.address());
    }

    @Test
    void opensAnAccountThatItsMailVerifies() {
        assertThat(signUp(ada, "Ada L.", WORDS))
                .extracting(HttpResponse::statusCode)
                .isEqualTo(202);
        var unverified = signIn(ada, WORDS);
        assertThat(Guest.json(unverified).at("/user/email_verified").asBoolean())
                .isFalse();
        var link = inbox.link(ada, 1);

        assertThat(guest.page("/verify?token=" + link).body()).contains("Is this you?");
        assertThat(guest.post("/api/v1/email-verifications", Map.of("token", link))
                        .statusCode())
                .isEqualTo(204);

        assertThat(Guest.json(signIn(ada, WORDS)).at("/user/email_verified").asBoolean())
                .isTrue();
        assertThat(guest.post("/api/v1/email-verifications", Map.of("token", link)))
                .satisfies(again -> {
                    assertThat(again.statusCode()).isEqualTo(410);
                    assertThat(Guest.code(again)).isEqualTo("token_gone");
                });
    }

    @Test
    void tellsOnlyTheMailboxThatAnAddressIsKnown() {
        byCode(ada, 1);

        var known = signUp(ada, "Known " + name(), WORDS);
        var unknown = signUp("un" + ada, "Unknown " + name(), WORDS);

        assertThat(shape(known)).isEqualTo(shape(unknown));
        assertThat(inbox.mail(ada, 2)).contains("It has an account already").doesNotContain("/verify");
        assertThat(inbox.mail("un" + ada, 1)).contains("/verify?token=");
        assertThat(signIn(ada, WORDS).statusCode()).isEqualTo(401);
        assertThat(shape(guest.post("/api/v1/password-resets", Map.of("email", ada))))
                .isEqualTo(shape(guest.post("/api/v1/password-resets", Map.of("email", "no" + ada))));
        assertThat(shape(guest.post("/api/v1/sign-in-codes", Map.of("email", ada))))
                .isEqualTo(shape(guest.post("/api/v1/sign-in-codes", Map.of("email", "no" + ada))));
    }

    @Test
    void refusesEveryWrongWayInWithTheSameAnswer() {
        signUp(ada, name(), WORDS);
        byCode("by" + ada, 1);

        var wrongPassword = signIn(ada, "something else");
        var unknown = signIn("nobody-" + ada, WORDS);
        var withoutPassword = signIn("by" + ada, WORDS);
        var wrongCode = guest.post("/api/v1/sessions", Map.of("email", ada, "code", "12345x"));

        assertThat(wrongPassword.statusCode()).isEqualTo(401);
        assertThat(Guest.code(wrongPassword)).isEqualTo("invalid_credentials");
        assertThat(List.of(shape(unknown), shape(withoutPassword), shape(wrongCode)))
                .containsOnly(shape(wrongPassword));
    }

    @Test
    void locksAnAccountAsIfItWereNotThere() {
        byCode(ada, 1);
        var user = urvote.bean(People.class).withEmail(new EmailAddress(ada)).orElseThrow();
        inDatabase("update users set is_active = false where id = " + user.id().value());

        guest.post("/api/v1/sign-in-codes", Map.of("email", ada));
        guest.post("/api/v1/sign-in-codes", Map.of("email", "after-" + ada));

        inbox.mail("after-" + ada, 1);
        assertThat(inbox.to(ada)).hasSize(1);
    }

    @Test
    void opensAVerifiedAccountByCodeUnderANameThatTellsNothing() {
        var signed = Guest.json(byCode(ada, 1));

        assertThat(signed.at("/token_type").stringValue()).isEqualTo("Bearer");
        assertThat(signed.at("/expires_in").asInt()).isEqualTo(900);
        assertThat(signed.at("/user/email_verified").asBoolean()).isTrue();
        assertThat(signed.at("/user/is_admin").asBoolean()).isFalse();
        assertThat(signed.at("/user/email").stringValue()).isEqualTo(ada);
        assertThat(signed.at("/user/username").stringValue()).matches("voter-[a-z]{8}");
        assertThat(guest.cookie("access")).isEqualTo(signed.at("/access_token").stringValue());
        assertThat(guest.cookie("refresh"))
                .isEqualTo(signed.at("/refresh_token").stringValue());
    }

    @Test
    void takesFiveTriesOfACodeHoweverManyComeAtOnce() throws Exception {
        guest.post("/api/v1/sign-in-codes", Map.of("email", ada));
        var right = inbox.code(ada, 1);
        var wrong = right.equals("000000") ? "000001" : "000000";

        var answers = atOnce(20, () -> guest.post("/api/v1/sessions", Map.of("email", ada, "code", wrong)));

        assertThat(answers).allMatch(answer -> answer.statusCode() == 401);
        assertThat(guest.post("/api/v1/sessions", Map.of("email", ada, "code", right))
                        .statusCode())
                .isEqualTo(401);
        assertThat(number("select tries from sign_in_codes where email = '" + ada + "'"))
                .isEqualTo(5);
    }

    @Test
    void takesTheNewestCodeOnceAndNoOlderOne() {
        guest.post("/api/v1/sign-in-codes", Map.of("email", ada));
        var older = inbox.code(ada, 1);
        guest.post("/api/v1/sign-in-codes", Map.of("email", ada));
        var newest = inbox.code(ada, 2);

        if (!older.equals(newest)) {
            assertThat(guest.post("/api/v1/sessions", Map.of("email", ada, "code", older))
                            .statusCode())
                    .isEqualTo(401);
        }
        assertThat(guest.post("/api/v1/sessions", Map.of("email", ada, "code", newest))
                        .statusCode())
                .isEqualTo(201);
        assertThat(guest.post("/api/v1/sessions", Map.of("email", ada, "code", newest))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void refusesACodeThatIsTooOld() {
        guest.post("/api/v1/sign-in-codes", Map.of("email", ada));
        var code = inbox.code(ada, 1);
        inDatabase("update sign_in_codes set expires_at = now() where email = '" + ada + "'");

        assertThat(guest.post("/api/v1/sessions", Map.of("email", ada, "code", code))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void mailsFiveCodesAnHourToOneMailboxHoweverItIsSpelled() {
        var tagged = ada.replace("@", "+tag@");
        for (var spelling : List.of(ada, ada.toUpperCase(Locale.ROOT), tagged, ada, tagged)) {
            assertThat(guest.post("/api/v1/sign-in-codes", Map.of("email", spelling))
                            .statusCode())
                    .isEqualTo(202);
        }

        var sixth = guest.post("/api/v1/sign-in-codes", Map.of("email", ada));

        assertThat(sixth.statusCode()).isEqualTo(429);
        assertThat(Guest.code(sixth)).isEqualTo("rate_limited");
        assertThat(sixth.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 3600L);
    }

    @Test
    void sendsTheCodeOfAnUnlistedProviderToTheAccountsOwnAddress() {
        byCode(ada, 1);
        var tagged = ada.replace("@", "+other@");

        guest.post("/api/v1/sign-in-codes", Map.of("email", tagged));

        inbox.code(ada, 2);
        assertThat(inbox.to(tagged)).isEmpty();
    }

    @Test
    void sendsTheCodeOfAListedProviderToTheAddressAsTyped() {
        var name = "zoe" + letters(PEOPLE.incrementAndGet());
        var first = Guest.json(byCode(name + "@gmail.com", 1));

        var second = Guest.json(byCode("z.oe" + name.substring(3) + "+x@googlemail.com", 1));

        assertThat(second.at("/user/id")).isEqualTo(first.at("/user/id"));
    }

    @Test
    void letsNobodySitInAnAccountBeforeItsOwnerComes() {
        signUp(ada, name(), WORDS);
        var intruder = Guest.json(signIn(ada, WORDS)).at("/access_token").stringValue();

        guest.patch("/api/v1/me", "{\"profile_data\":{\"site\":\"of the intruder\"}}");

        var owner = Guest.json(byCode(ada, 2));

        assertThat(owner.at("/user/username").stringValue()).matches("voter-[a-z]{8}");
        assertThat(owner.at("/user/profile_data").toString()).isEqualTo("{}");
        assertThat(signIn(ada, WORDS).statusCode()).isEqualTo(401);
        assertThat(Guest.withBearer(urvote.address(), "GET", "/api/v1/me", intruder)
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void letsNoLinkIntoAnAccountThatTwoPeopleSignedUpFor() {
        signUp(ada, name(), WORDS);
        var first = inbox.link(ada, 1);

        signUp(ada, name(), "quite another one");

        assertThat(inbox.mail(ada, 2)).contains("/sign-in").doesNotContain("/verify");
        assertThat(guest.post("/api/v1/email-verifications", Map.of("token", first))
                        .statusCode())
                .isEqualTo(410);
        assertThat(signIn(ada, "quite another one").statusCode()).isEqualTo(401);
    }

    @Test
    void mailsNoLinkAgainOnceTwoPeopleSignedUp() {
        signUp(ada, name(), WORDS);
        signIn(ada, WORDS);
        signUp(ada, name(), "quite another one");

        guest.submit("/me/verification", Map.of());
        signUp(ada, name(), WORDS);

        inbox.mail(ada, 3);
        assertThat(inbox.to(ada))
                .hasSize(3)
                .filteredOn(mail -> mail.contains("/verify"))
                .hasSize(1);
        assertThat(guest.post("/api/v1/email-verifications", Map.of("token", inbox.link(ada, 1)))
                        .statusCode())
                .isEqualTo(410);
    }

    @Test
    void endsEverySessionButTheOneThatFollowsTheLink() {
        signUp(ada, name(), WORDS);
        var elsewhere = Guest.json(signIn(ada, WORDS)).at("/access_token").stringValue();
        guest = new Guest(urvote.address());
        var here = Guest.json(signIn(ada, WORDS)).at("/access_token").stringValue();

        assertThat(guest.submit("/verify", Map.of("token", inbox.link(ada, 1))).statusCode())
                .isEqualTo(303);

        assertThat(Guest.withBearer(urvote.address(), "GET", "/api/v1/me", elsewhere)
                        .statusCode())
                .isEqualTo(401);
        assertThat(Guest.withBearer(urvote.address(), "GET", "/api/v1/me", here).statusCode())
                .isEqualTo(200);
    }

    @Test
    void keepsMailsAndNamesOfOfficeFromOthers() throws Exception {
        for (var username : List.of("admin", "Administrator", "MODERATOR", "owner", "UrVote", "support", "system")) {
            assertThat(signUp(ada, username, WORDS).statusCode()).as(username).isEqualTo(422);
        }
        byCode(ada, 1);
        assertThat(guest.patch("/api/v1/me", "{\"username\":\"Admin\"}").statusCode())
                .isEqualTo(422);
        try (var mails = Files.list(urvote.dataDir().resolve("outbox"))) {
            for (var mail :
                    mails.filter(file -> file.toString().endsWith(".eml")).toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(mail)))
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void mailsAFreshLinkToWhoSignsUpTwiceWithTheSamePassword() {
        signUp(ada, name(), WORDS);
        var first = inbox.link(ada, 1);

        signUp(ada, name(), WORDS);

        var second = inbox.link(ada, 2);
        assertThat(guest.post("/api/v1/email-verifications", Map.of("token", first))
                        .statusCode())
                .isEqualTo(410);
        assertThat(guest.post("/api/v1/email-verifications", Map.of("token", second))
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void setsANewPasswordOnceAndEndsEverySession() {
        var before = Guest.json(byCode(ada, 1)).at("/access_token").stringValue();
        guest.post("/api/v1/password-resets", Map.of("email", ada));
        var token = inbox.link(ada, 2);

        assertThat(guest.put("/api/v1/password-resets/" + token, Map.of("password", "short"))
                        .statusCode())
                .isEqualTo(422);
        assertThat(guest.put("/api/v1/password-resets/" + token, Map.of("password", WORDS))
                        .statusCode())
                .isEqualTo(204);

        assertThat(Guest.withBearer(urvote.address(), "GET", "/api/v1/me", before)
                        .statusCode())
                .isEqualTo(401);
        assertThat(signIn(ada, WORDS).statusCode()).isEqualTo(201);
        assertThat(guest.put("/api/v1/password-resets/" + token, Map.of("password", WORDS))
                        .statusCode())
                .isEqualTo(410);
    }

    @Test
    void givesTwoTabsTheSameSuccessor() throws Exception {
        byCode(ada, 1);
        var refresh = guest.cookie("refresh");

        var answers = atOnce(
                8,
                () -> new Guest(urvote.address()).call("POST", "/api/v1/sessions/refresh", null, "refresh=" + refresh));

        assertThat(answers).allMatch(answer -> answer.statusCode() == 201);
        assertThat(answers.stream()
                        .map(answer -> Guest.json(answer).at("/refresh_token").stringValue())
                        .distinct())
                .hasSize(1)
                .doesNotContain(refresh);
    }

    @Test
    void endsTheFamilyWhenACookieIsShownAgainLater() {
        var access = Guest.json(byCode(ada, 1)).at("/access_token").stringValue();
        var refresh = guest.cookie("refresh");
        guest.postText("/api/v1/sessions/refresh", "");
        inDatabase("update refresh_tokens set used_at = used_at - interval '11 seconds' where token_hash = '%s'"
                .formatted(Secrets.hash(refresh)));

        var late = new Guest(urvote.address()).call("POST", "/api/v1/sessions/refresh", null, "refresh=" + refresh);

        assertThat(late.statusCode()).isEqualTo(401);
        assertThat(Guest.withBearer(urvote.address(), "GET", "/api/v1/me", access)
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void endsTheFamilyWhenABodyShowsATokenAgain() {
        var first = Guest.json(byCode(ada, 1));
        var body = Map.of("refresh_token", first.at("/refresh_token").stringValue());
        var program = new Guest(urvote.address());
        var second = Guest.json(program.post("/api/v1/sessions/refresh", body));

        var again = program.post("/api/v1/sessions/refresh", body);

        assertThat(again.statusCode()).isEqualTo(401);
        for (var token : List.of(first, second)) {
            assertThat(Guest.withBearer(
                                    urvote.address(),
                                    "GET",
                                    "/api/v1/me",
                                    token.at("/access_token").stringValue())
                            .statusCode())
                    .isEqualTo(401);
        }
        assertThat(program.post(
                                "/api/v1/sessions/refresh",
                                Map.of(
                                        "refresh_token",
                                        second.at("/refresh_token").stringValue()))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void signsOutHereAtOnceAndEverywhereWithinASecond() {
        try (var other = RunningUrVote.start(Map.of("URVOTE_DATABASE_URL", database))) {
            var token = Guest.json(byCode(ada, 1)).at("/access_token").stringValue();
            assertThat(Guest.withBearer(other.address(), "GET", "/api/v1/me", token)
                            .statusCode())
                    .isEqualTo(200);

            assertThat(Guest.withBearer(urvote.address(), "DELETE", "/api/v1/sessions/current", token)
                            .statusCode())
                    .isEqualTo(204);

            assertThat(Guest.withBearer(urvote.address(), "GET", "/api/v1/me", token)
                            .statusCode())
                    .isEqualTo(401);
            await().atMost(Duration.ofSeconds(1))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> Guest.withBearer(other.address(), "GET", "/api/v1/me", token)
                                    .statusCode()
                            == 401);
            assertThat(guest.postText("/api/v1/sessions/refresh", "").statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void hearsOfEndedSessionsAgainAfterItsConnectionBroke() {
        var token = Guest.json(byCode(ada, 1)).at("/access_token").stringValue();
        var session = Guest.JSON
                .readTree(Base64.getUrlDecoder().decode(part(token, 1)))
                .at("/sid")
                .stringValue();
        asSuperuser("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'urvote-news'"
                + " and datname = current_database()");

        inDatabase("update sessions set ended_at = now(), ended_why = 'signed_out' where id = '" + session + "'");

        await().atMost(Duration.ofSeconds(5))
                .until(() -> Guest.withBearer(urvote.address(), "GET", "/api/v1/me", token)
                                .statusCode()
                        == 401);
    }

    @Test
    void editsWhatIsOnesOwn() {
        byCode(ada, 1);
        var name = name();

        var edited = guest.patch(
                "/api/v1/me", "{\"username\":\"%s\",\"profile_data\":{\"links\":{\"site\":\"x\"}}}".formatted(name));
        var merged = guest.patch("/api/v1/me", "{\"profile_data\":{\"about\":\"hi\"}}");

        assertThat(edited.statusCode()).isEqualTo(200);
        assertThat(Guest.json(merged).at("/username").stringValue()).isEqualTo(name);
        assertThat(Guest.json(merged).at("/profile_data").toString())
                .isEqualTo("{\"about\":\"hi\",\"links\":{\"site\":\"x\"}}");
    }

    @Test
    void takesNoNamesThatAreSwapped() throws Exception {
        byCode(ada, 1);
        var first = guest;
        var firstName = name();
        assertThat(rename(first, firstName)).isEqualTo(200);
        guest = new Guest(urvote.address());
        byCode("other-" + ada, 1);
        var second = guest;
        var secondName = name();
        assertThat(rename(second, secondName)).isEqualTo(200);
        var waiting = Stage.database(urvote.databaseUrl()).sql("""
            select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
            """).query(Long.class);

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 20; round++) {
                // Both wait for their rows, and then begin at the same moment.
                var answers = urvote.bean(Transactions.class).as(Acting.SIGN_IN, () -> {
                    urvote.bean(JdbcClient.class)
                            .sql("select id from users where username in (?, ?) for update")
                            .params(firstName, secondName)
                            .query()
                            .listOfRows();
                    var both = List.of(
                            threads.submit(() -> rename(first, secondName)),
                            threads.submit(() -> rename(second, firstName)));
                    await().until(() -> waiting.single() == 2);
                    return both;
                });

                assertThat(answers.getFirst().get()).isEqualTo(409);
                assertThat(answers.getLast().get()).isEqualTo(409);
            }
        }
    }

    private static int rename(Guest guest, String name) {
        return guest.patch("/api/v1/me", "{\"username\":\"%s\"}".formatted(name))
                .statusCode();
    }

    @Test
    void refusesEditsThatCannotBe() {
        var taken = name();
        signUp("taken-" + ada, taken, WORDS);
        byCode(ada, 1);

        assertThat(Guest.code(
                        guest.patch("/api/v1/me", "{\"username\":\"%s\"}".formatted(taken.toUpperCase(Locale.ROOT)))))
                .isEqualTo("username_taken");
        for (var body : List.of(
                "{\"username\":null}",
                "{\"username\":7}",
                "{\"username\":\"x\"}",
                "{\"is_admin\":true}",
                "{\"profile_data\":[]}",
                "{\"profile_data\":\"x\"}",
                "{\"profile_data\":{\"x\":\"\\u0000\"}}",
                "{\"profile_data\":{\"x\":\"\\ud800\"}}",
                "{\"profile_data\":{\"x\":1e999999}}",
                "{\"profile_data\":{\"x\":\"%s\"}}".formatted("y".repeat(9_000)))) {
            assertThat(guest.patch("/api/v1/me", body).statusCode()).as(body).isEqualTo(422);
        }
        for (var body : List.of("null", "[]", "7", "{", "")) {
            assertThat(guest.patch("/api/v1/me", body).statusCode()).as(body).isEqualTo(400);
        }
    }

    @Test
    void refusesRequestsThatCannotBe() {
        var endpoints = List.of(
                "/api/v1/users",
                "/api/v1/sign-in-codes",
                "/api/v1/sessions",
                "/api/v1/email-verifications",
                "/api/v1/password-resets");
        for (var endpoint : endpoints) {
            for (var body : List.of("{}", "{\"email\":7}", "{\"email\":\"no\"}", "{\"extra\":1}", "{\"token\":{}}")) {
                assertThat(guest.postText(endpoint, body).statusCode())
                        .as(endpoint + body)
                        .isEqualTo(422);
            }
            for (var body : List.of("null", "[]", "{", "", "\"x\"", "{\"email\":\"a\",\"email\":\"b\"}")) {
                assertThat(guest.postText(endpoint, body).statusCode())
                        .as(endpoint + body)
                        .isEqualTo(400);
            }
        }
        for (var password : List.of("short", "x".repeat(201), "tab\there now", ada)) {
            assertThat(signUp(ada, name(), password).statusCode()).as(password).isEqualTo(422);
        }
        for (var username :
                List.of("ab", "x".repeat(41), "a/b", "<b>x</b>", "\u3164\u3164\u3164", "...", "a\u0000bc")) {
            assertThat(signUp(ada, username, WORDS).statusCode()).as(username).isEqualTo(422);
        }
        assertThat(guest.post("/api/v1/sessions", Map.of("email", ada, "code", "123456", "password", WORDS))
                        .statusCode())
                .isEqualTo(422);
        assertThat(new Guest(urvote.address()).get("/api/v1/me").statusCode()).isEqualTo(401);
        assertThat(new Guest(urvote.address())
                        .delete("/api/v1/sessions/current")
                        .statusCode())
                .isEqualTo(401);
        assertThat(guest.put("/api/v1/password-resets/nothing", Map.of("password", WORDS))
                        .statusCode())
                .isEqualTo(410);
    }

    @Test
    void publishesTheKeyWithWhichItSigns() throws Exception {
        var header = Guest.JSON.readTree(Base64.getUrlDecoder()
                .decode(part(Guest.json(byCode(ada, 1)).at("/access_token").stringValue(), 0)));

        var keys = guest.get("/.well-known/jwks.json");

        assertThat(keys.body()).contains(header.at("/kid").stringValue()).doesNotContain("\"d\"");
        var file = urvote.dataDir().resolve("keys/signing-key.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void stopsWhoGuessesPasswordsButNotTheOwner() {
        byCode(ada, 1);
        var answers = new ArrayList<Integer>();

        for (int i = 0; i < 12; i++) {
            answers.add(signIn(ada, "guess number " + i).statusCode());
        }

        assertThat(answers.subList(0, 10)).containsOnly(401);
        assertThat(answers.getLast()).isEqualTo(429);
        assertThat(byCode(ada, 2).statusCode()).isEqualTo(201);
    }

    @Test
    void goesBackToWhereSomebodyWantedToGoButNowhereElse() {
        for (var there : Map.of("/contests?state=closed", "/contests?state=closed", "//evil.example", "/")
                .entrySet()) {
            var someone = new Guest(urvote.address());
            var address = "next" + letters(PEOPLE.incrementAndGet()) + ada;
            someone.submit("/sign-in", Map.of("email", address, "next", there.getKey()));

            var inside = someone.submit(
                    "/sign-in/code", Map.of("email", address, "code", inbox.code(address, 1), "next", there.getKey()));

            assertThat(inside.statusCode()).isEqualTo(303);
            assertThat(inside.headers().firstValue("Location")).contains(there.getValue());
        }
    }

    @Test
    void showsEveryPageAndWhatIsWrongAtItsField() {
        for (var path :
                List.of("/sign-in", "/sign-in/password", "/sign-up", "/sign-up/sent", "/reset", "/reset/sent")) {
            assertThat(guest.page(path)).as(path).satisfies(page -> {
                assertThat(page.statusCode()).isEqualTo(200);
                assertThat(page.body()).contains("<h1");
            });
        }
        assertThat(guest.page("/verify?token=x").statusCode()).isEqualTo(410);
        assertThat(guest.page("/reset/x").statusCode()).isEqualTo(410);
        var wrong = guest.submit("/sign-up", Map.of("email", "no", "username", "\"><x>", "password", "x"));
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(wrong.body())
                .contains("email-error", "username-error", "password-error", "&#34;>")
                .doesNotContain("\"><x>");

        byCode(ada, 1);
        assertThat(guest.page("/me").body()).contains("Where you are signed in", ada);
        assertThat(guest.submit("/me", Map.of("username", "x")).statusCode()).isEqualTo(422);
        assertThat(guest.submit("/me", Map.of("username", name())).statusCode()).isEqualTo(303);
        assertThat(guest.submit("/sign-out", Map.of()).statusCode()).isEqualTo(303);
        assertThat(guest.get("/api/v1/me").statusCode()).isEqualTo(401);
    }

    @Test
    void makesAccountsForOperatorsOnceAndThrowsOutWhoSatThere() {
        signUp(ada, name(), "of an intruder");
        var accounts = urvote.bean(Accounts.class);
        var name = name();

        var first = accounts.ensure(new EmailAddress(ada), name, WORDS, true);
        var second = accounts.ensure(new EmailAddress(ada), name, "another one", true);

        assertThat(second).isEqualTo(first);
        assertThat(signIn(ada, "of an intruder").statusCode()).isEqualTo(401);
        assertThat(signIn(ada, "another one").statusCode()).isEqualTo(401);
        var signed = Guest.json(signIn(ada, WORDS));
        assertThat(signed.at("/user/is_admin").asBoolean()).isTrue();
        assertThat(signed.at("/user/email_verified").asBoolean()).isTrue();
    }

    @Test
    void makesAnAdminAtTheShell() throws Exception {
        signUp(ada, name(), "of an intruder");
        var said = new StringWriter();
        var out = new PrintWriter(said);
        var input = System.in;

        System.setIn(new ByteArrayInputStream((WORDS + "\n").getBytes(StandardCharsets.UTF_8)));
        int done;
        int refused;
        try {
            var application = Class.forName("rocks.urvote.UrVote");
            var settings = Map.of(
                    "URVOTE_DATABASE_URL",
                    database,
                    "URVOTE_DATA_DIR",
                    urvote.dataDir().toString());
            done = Program.run(
                    application,
                    settings,
                    urvote.dataDir(),
                    out,
                    out,
                    "admin",
                    "create",
                    "--email",
                    ada,
                    "--username",
                    name(),
                    "--password-stdin");
            refused = Program.run(
                    application,
                    settings,
                    urvote.dataDir(),
                    out,
                    out,
                    "admin",
                    "create",
                    "--email",
                    "no",
                    "--username",
                    name(),
                    "--password-stdin");
        } finally {
            System.setIn(input);
        }

        assertThat(done).as(said.toString()).isZero();
        assertThat(refused).isEqualTo(1);
        assertThat(said.toString()).contains("is an admin now", "--email must be an address");
        assertThat(Guest.json(signIn(ada, WORDS)).at("/user/is_admin").asBoolean())
                .isTrue();
        assertThat(signIn(ada, "of an intruder").statusCode()).isEqualTo(401);
    }

    @Test
    void forgetsWhatRanOut() {
        byCode(ada, 1);
        inDatabase("update refresh_tokens set expires_at = now() - interval '2 days'");
        inDatabase("update sign_in_codes set expires_at = now() - interval '2 days'");

        urvote.bean(ForgetWhatRanOut.class).run();

        assertThat(number("select count(*) from refresh_tokens")).isZero();
        assertThat(number("select count(*) from sign_in_codes")).isZero();
    }

    private HttpResponse<String> signUp(String email, String username, String password) {
        return guest.post("/api/v1/users", Map.of("email", email, "username", username, "password", password));
    }

    private HttpResponse<String> signIn(String email, String password) {
        return guest.post("/api/v1/sessions", Map.of("email", email, "password", password));
    }

    private HttpResponse<String> byCode(String email, int mail) {
        assertThat(guest.post("/api/v1/sign-in-codes", Map.of("email", email)).statusCode())
                .isEqualTo(202);
        return guest.post("/api/v1/sessions", Map.of("email", email, "code", inbox.code(email, mail)));
    }

    private static String part(String token, int number) {
        return List.of(token.split("\\.", -1)).get(number);
    }

    /// All of an answer that could tell something.
    private static String shape(HttpResponse<String> answer) {
        var headers = answer.headers().map().entrySet().stream()
                .filter(header -> !List.of("date", "x-request-id").contains(header.getKey()))
                .toList();
        return "%d %s %s".formatted(answer.statusCode(), headers, answer.body());
    }

    private static <T> List<T> atOnce(int times, Callable<T> call) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<T>();
            for (var answer : threads.invokeAll(java.util.Collections.nCopies(times, call))) {
                answers.add(answer.get());
            }
            return answers;
        }
    }

    private static void inDatabase(String sql) {
        urvote.bean(Transactions.class)
                .as(Acting.SIGN_IN, () -> urvote.bean(JdbcClient.class).sql(sql).update());
    }

    private static long number(String sql) {
        return urvote.bean(Transactions.class)
                .as(
                        Acting.SIGN_IN,
                        () -> urvote.bean(JdbcClient.class)
                                .sql(sql)
                                .query(Long.class)
                                .single());
    }

    private static void asSuperuser(String sql) {
        var at = database.indexOf('@');
        var source = new org.springframework.jdbc.datasource.DriverManagerDataSource(
                "jdbc:postgresql://" + database.substring(at + 1));
        source.setUsername("postgres");
        source.setPassword(database.substring("postgresql://postgres:".length(), at));
        JdbcClient.create(source).sql(sql).query().listOfRows();
    }

    private static String name() {
        return "Person " + letters(PEOPLE.incrementAndGet());
    }

    private static String letters(int number) {
        return Integer.toString(number + 1_000, 26)
                .chars()
                .map(letter -> letter <= '9' ? letter - '0' + 'q' : letter)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
