package rocks.urvote.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import rocks.urvote.contests.ContestId;
import rocks.urvote.kernel.UserId;
import rocks.urvote.operations.Chore;
import rocks.urvote.songs.SongId;
import rocks.urvote.testkit.Api;
import rocks.urvote.testkit.Api.Answer;
import rocks.urvote.testkit.Inbox;
import rocks.urvote.testkit.Multipart;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;
import tools.jackson.databind.JsonNode;

/// What people may have of what is held about them, and what stays when they go.
class PrivacyIT {

    static RunningUrVote urvote;
    static RunningUrVote otherNode;
    static Inbox inbox;
    static Stage stage;
    static JdbcClient database;
    static Api visitor;

    @BeforeAll
    static void start() {
        urvote = RunningUrVote.start(Map.of("URVOTE_CODES_PER_ADDRESS", "100000", "URVOTE_CODES_PER_MAILBOX", "1000"));
        otherNode = RunningUrVote.start(Map.of("URVOTE_DATABASE_URL", urvote.databaseUrl()));
        inbox = Inbox.of(urvote);
        stage = new Stage(urvote);
        database = stage.database();
        visitor = Api.visitor(urvote);
    }

    @AfterAll
    static void stop() {
        otherNode.close();
        urvote.close();
    }

    @Test
    void givesOutAllThatIsHeldAboutSomebodyAndNothingOfOthers() throws IOException {
        var contest = stage.contest();
        var song = stage.song(contest, "Liked");
        var mallory = stage.voter();
        vote(mallory, song);
        var ada = stage.voter();
        ada.postWith(
                "/api/v1/songs/%d/votes".formatted(song.value()),
                "{\"device_fingerprint\": \"my-device\"}",
                "Content-Type",
                "application/json",
                "Idempotency-Key",
                "my-key",
                "User-Agent",
                "My browser");
        var mine = upload(ada, contest);
        ada.patch("/api/v1/me", "{\"profile_data\": {\"city\": \"Basel\"}}");
        database.sql("update contest.votes set status = 'held', is_suspicious = true, fraud_flags = '[{\"code\":"
                        + " \"secret\"}]' where voter_id = :user")
                .param("user", ada.user())
                .update();

        var answer = ada.get("/api/v1/me/export");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.header("Content-Disposition"))
                .isEqualTo("attachment; filename=\"urvote-%d.json\"".formatted(ada.user()));
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        var export = answer.json();
        assertThat(export.propertyNames())
                .containsExactly(
                        "exported_at",
                        "account",
                        "sessions",
                        "authenticator_apps",
                        "passkeys",
                        "sign_in_codes",
                        "password_resets",
                        "memberships",
                        "songs",
                        "votes",
                        "ballots",
                        "vote_answers",
                        "files",
                        "record_of_account",
                        "record_of_contests",
                        "record_of_files");
        var account = export.path("account").get(0);
        assertThat(account.path("id").asLong()).isEqualTo(ada.user());
        assertThat(account.path("profile_data").path("city").asString()).isEqualTo("Basel");
        assertThat(account.path("has_password").asBoolean()).isTrue();
        assertThat(export.path("votes")).hasSize(1);
        var vote = export.path("votes").get(0);
        assertThat(vote.path("ip_address").asString()).isEqualTo("127.0.0.1");
        assertThat(vote.path("user_agent").asString()).isEqualTo("My browser");
        assertThat(vote.path("device_fingerprint").asString()).isEqualTo("my-device");
        assertThat(vote.path("status").asString()).isEqualTo("received");
        assertThat(export.path("vote_answers").get(0).path("key").asString()).isEqualTo("my-key");
        assertThat(export.path("ballots").get(0).path("votes").asInt()).isEqualTo(1);
        assertThat(export.path("songs").get(0).path("id").asLong()).isEqualTo(mine.value());
        assertThat(export.path("files").get(0).path("format").asString()).isEqualTo("mp3");
        assertThat(export.path("sessions")).isNotEmpty();
        assertThat(export.path("record_of_account"))
                .anySatisfy(entry -> assertThat(entry.path("fact").asString()).isEqualTo("SignedIn"));
        assertThat(export.path("record_of_contests"))
                .anySatisfy(entry -> assertThat(entry.path("fact").asString()).isEqualTo("SongSubmitted"));
        assertThat(answer.text())
                .contains(Api.email(nameOf(ada)))
                .doesNotContain(
                        Api.email(nameOf(mallory)), "hashed_password", "argon2", "secret", "suspicious", "held");
    }

    /// More rows than are in memory at a time.
    @Test
    void givesOutEveryRowOnceHoweverManyThereAre() {
        var contest = stage.contest();
        var songs = IntStream.range(0, 3)
                .mapToObj(n -> stage.song(contest, "Song " + n))
                .toList();
        var voter = stage.voter();
        database.sql("""
            insert into contest.votes (song_id, contest_id, voter_id, vote_day)
            select song, :contest, :voter, date_trunc('month', now())::date - n
              from generate_series(1, 28) n, unnest(cast(:songs as bigint[])) song
            """)
                .param("contest", contest.value())
                .param("voter", voter.user())
                .param("songs", songs.stream().map(SongId::value).toArray(Long[]::new))
                .update();
        database.sql("""
            insert into contest.audit_log (happened_at, fact, actor_role, actor_id, client_id, detail)
            select now(), 'Filled', 'user', :user, null, '{}' from generate_series(1, 1203)
            """).param("user", voter.user()).update();

        var export = voter.get("/api/v1/me/export").json();

        assertThat(export.path("votes")).hasSize(84);
        assertThat(export.path("record_of_contests")
                        .valueStream()
                        .map(row -> row.path("id").asLong())
                        .distinct())
                .hasSize(1203);
    }

    @Test
    void givesOutTheFileAFewTimesAnHour() {
        var voter = stage.voter();
        for (int n = 0; n < 5; n++) {
            assertThat(voter.get("/api/v1/me/export").status()).isEqualTo(200);
        }

        assertThat(voter.get("/api/v1/me/export").code()).isEqualTo("rate_limited");
    }

    @Test
    void leavesNothingOfAnErasedPersonButTheirNumberAndEveryCount() {
        var song = stage.song(stage.contest(), "Liked");
        var voter = stage.voter();
        var name = nameOf(voter);
        vote(voter, song);
        voter.patch(
                "/api/v1/me",
                "{\"profile_data\": {\"city\": \"Basel\"}, \"username\": \"%s renamed\"}".formatted(name));
        var before = counts(song);

        assertThat(voter.delete("/api/v1/me").status()).isEqualTo(202);

        assertThat(counts(song)).isEqualTo(before).isEqualTo("1 1");
        assertThat(voter.get("/api/v1/me").status()).isEqualTo(401);
        assertThat(vote(voter, song).status()).isEqualTo(401);
        await().atMost(Duration.ofSeconds(1))
                .untilAsserted(
                        () -> assertThat(voter.at(otherNode).get("/api/v1/me").status())
                                .isEqualTo(401));
        var account = database.sql("select to_jsonb(u)::text from identity.users u where id = :user")
                .param("user", voter.user())
                .query(String.class)
                .single();
        assertThat(account).doesNotContain(name, "Basel", "argon2").contains("@erased.invalid");
        for (var schema : List.of("identity", "contest", "media")) {
            assertThat(database.sql("select coalesce(string_agg(detail::text, ' '), '') from %s.audit_log"
                                    .formatted(schema))
                            .query(String.class)
                            .single())
                    .doesNotContain(name);
        }
        assertThat(database.sql("select count(*) from identity.sessions where user_id = :user and (ended_at is null or"
                                + " user_agent is not null)")
                        .param("user", voter.user())
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(visitor.post(
                                "/api/v1/sessions",
                                "{\"email\": \"%s\", \"password\": \"correct horse battery staple\"}"
                                        .formatted(Api.email(name)))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void whoComesBackWhileTheContestRunsIsTheSameVoter() {
        var contest = stage.contest(Stage.votesPerDay(2));
        var one = stage.song(contest, "One");
        var two = stage.song(contest, "Two");
        var three = stage.song(contest, "Three");
        var email = Stage.unique("returns") + "@gmail.com";
        var ada = visitor.byCode(inbox, email);
        assertThat(vote(ada, one).status()).isEqualTo(201);
        assertThat(ada.delete("/api/v1/me").status()).isEqualTo(202);

        var again = visitor.byCode(inbox, email.replace("@gmail", "+other@googlemail"));

        assertThat(again.user()).isEqualTo(ada.user());
        assertThat(vote(again, one).code()).isEqualTo("already_voted");
        assertThat(vote(again, two).status()).isEqualTo(201);
        assertThat(vote(again, three).code()).isEqualTo("daily_limit_reached");
        assertThat(again.get("/api/v1/me").json().path("profile_data")).isEmpty();
    }

    @Test
    void whoComesBackAtOnceInManyPlacesIsTheSameVoter() {
        var song = stage.song(stage.contest(), "Once");
        var email = Stage.unique("crowd") + "@example.org";
        var ada = visitor.byCode(inbox, email);
        vote(ada, song);
        ada.delete("/api/v1/me");
        visitor.post("/api/v1/sign-in-codes", "{\"email\": \"%s\"}".formatted(email));
        var code = inbox.code(email, 2);

        var answers = Stage.atOnce(IntStream.range(0, 4)
                .mapToObj(_ -> (Callable<Answer>) () -> visitor.post(
                        "/api/v1/sessions", "{\"email\": \"%s\", \"code\": \"%s\"}".formatted(email, code)))
                .toList());

        assertThat(answers).extracting(Answer::status).containsOnlyOnce(201).containsOnly(201, 401);
        assertThat(database.sql("select count(*) from identity.users where email_folded = :email")
                        .param("email", email)
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
    }

    /// An account is opened for any address; only who reads the mailbox gets what was there.
    @Test
    void nobodyComesBackInPlaceOfAnother() {
        var contest = stage.contest();
        var song = stage.song(contest, "Mine");
        var name = Stage.unique("victim");
        var ada = Api.signedIn(urvote, name);
        vote(ada, song);
        ada.delete("/api/v1/me");

        var stranger = Api.unverified(urvote, name);

        assertThat(stranger.user()).isNotEqualTo(ada.user());
        assertThat(stranger.get("/api/v1/me/votes").json().path("items")).isEmpty();
        assertThat(vote(stranger, song).code()).isEqualTo("email_not_verified");
        var mail = inbox.mail(Api.email(name), 1);
        assertThat(mail).contains("You voted at UrVote before").doesNotContain("/verify");

        var owner = visitor.byCode(inbox, Api.email(name));
        assertThat(owner.user()).isEqualTo(ada.user());
        assertThat(vote(owner, song).code()).isEqualTo("already_voted");
        assertThat(stranger.get("/api/v1/me").status()).isEqualTo(401);
    }

    @Test
    void aResetBringsBackTheSameVoterToo() {
        var song = stage.song(stage.contest(), "Once");
        var name = Stage.unique("resetter");
        var ada = Api.signedIn(urvote, name);
        vote(ada, song);
        ada.delete("/api/v1/me");
        Api.unverified(urvote, name);

        visitor.post("/api/v1/password-resets", "{\"email\": \"%s\"}".formatted(Api.email(name)));
        var link = inbox.link(Api.email(name), 2);
        assertThat(visitor.put("/api/v1/password-resets/" + link, "{\"password\": \"another horse battery staple\"}")
                        .status())
                .isEqualTo(204);
        var session = visitor.post(
                "/api/v1/sessions",
                "{\"email\": \"%s\", \"password\": \"another horse battery staple\"}".formatted(Api.email(name)));

        assertThat(session.json().path("user").path("id").asLong()).isEqualTo(ada.user());
    }

    @Test
    void whenTheContestIsOverTheMailboxIsForgotten() throws Exception {
        var contest = stage.contest();
        var song = stage.song(contest, "Once");
        var email = Stage.unique("forgotten") + "@example.org";
        var ada = visitor.byCode(inbox, email);
        vote(ada, song);
        ada.delete("/api/v1/me");
        later(ada, Duration.ofHours(2));

        finish();
        assertThat(erasures(ada)).isEqualTo(1);
        assertThat(database.sql("select ip_address from contest.votes where voter_id = :user")
                        .param("user", ada.user())
                        .query(String.class)
                        .single())
                .isEqualTo("127.0.0.1");
        end(contest, "26 hours");
        finish();

        assertThat(erasures(ada)).isZero();
        assertThat(database.sql("select num_nonnulls(ip_address, user_agent, country_code) from contest.votes where"
                                + " voter_id = :user")
                        .param("user", ada.user())
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(counts(song)).isEqualTo("1 1");
        assertThat(visitor.byCode(inbox, email).user()).isNotEqualTo(ada.user());
    }

    @Test
    void songsOfTheErasedLeaveContestsThatRunAndKeepTheirPlaceInThoseThatAreOver() throws IOException {
        var running = stage.contest();
        var over = stage.contest();
        var artist = stage.voter();
        var played = upload(artist, running);
        var won = upload(artist, over);
        for (var song : List.of(played, won)) {
            approve(song);
            vote(stage.voter(), song);
        }
        var file = database.sql("select file_path from contest.songs where id = :song")
                .param("song", won.value())
                .query(String.class)
                .single();
        assertThat(urvote.dataDir().resolve("uploads").resolve(file)).exists();
        end(over, "1 hour");

        artist.delete("/api/v1/me");

        await().untilAsserted(() ->
                assertThat(urvote.dataDir().resolve("uploads").resolve(file)).doesNotExist());
        assertThat(visitor.get("/api/v1/songs/" + played.value()).status()).isEqualTo(404);
        var stays = visitor.get("/api/v1/songs/" + won.value()).json();
        assertThat(stays.path("title").asString()).isEqualTo("My song");
        assertThat(stays.path("artist_name").asString()).isEqualTo("Somebody who left");
        assertThat(stays.path("description").isNull()).isTrue();
        await().untilAsserted(() -> assertThat(
                        board(over).path("entries").get(0).path("votes").asInt())
                .isEqualTo(1));
        await().untilAsserted(() -> assertThat(board(running).path("entries")).isEmpty());
        assertThat(visitor.page("/songs/" + won.value()).status()).isEqualTo(200);
        assertThat(visitor.get("/api/v1/songs/%d/audio".formatted(won.value())).status())
                .isEqualTo(404);
        assertThat(counts(played)).isEqualTo("1 1");
    }

    /// What is left to do of an erasure is done again, perhaps when its person is back.
    @Test
    void whoCameBackLosesNothingToTheErasureBefore() throws IOException {
        var contest = stage.contest();
        var email = Stage.unique("back") + "@example.org";
        var artist = visitor.byCode(inbox, email);
        vote(artist, stage.song(contest, "Liked"));
        artist.delete("/api/v1/me");
        var again = visitor.byCode(inbox, email);
        assertThat(again.user()).isEqualTo(artist.user());
        var song = upload(again, contest);
        var file = fileOf(song);

        urvote.bean(EraseMyself.class).letGo(new UserId(again.user()));

        var kept = again.get("/api/v1/songs/" + song.value()).json();
        assertThat(kept.path("title").asString()).isEqualTo("My song");
        assertThat(kept.path("artist_name").asString()).isEqualTo("Ada of Basel");
        assertThat(file).exists();
        assertThat(again.get("/api/v1/me/export").json().path("files")).hasSize(1);
    }

    @Test
    void oneWhoseFileCannotBeTakenAwayKeepsNobodyElseWaiting() throws Exception {
        var contest = stage.contest();
        var stuck = stage.voter();
        var next = stage.voter();
        var file = fileOf(upload(stuck, contest));
        Files.delete(file);
        var obstacle = Files.createDirectories(file.resolve("obstacle"));
        for (var leaving : List.of(stuck, next)) {
            leaving.delete("/api/v1/me");
            later(leaving, Duration.ofHours(2));
        }

        assertThatThrownBy(PrivacyIT::finish).hasMessageStartingWith("1 erasure could not be brought to its end");

        assertThat(erasures(next)).isZero();
        assertThat(erasures(stuck)).isEqualTo(1);
        Files.delete(obstacle);
        finish();
        assertThat(file).doesNotExist();
        assertThat(erasures(stuck)).isZero();
    }

    @Test
    void noAdminVerifiesAMailboxToWhichSomebodyErasedMayComeBack() {
        var song = stage.song(stage.contest(), "Mine");
        var name = Stage.unique("tombstone");
        var ada = Api.signedIn(urvote, name);
        vote(ada, song);
        ada.delete("/api/v1/me");
        var stranger = Api.unverified(urvote, name);
        var admin = Api.admin(urvote, "privacy-admin");

        var refused = admin.post(
                "/api/v1/admin/users/%d/acts".formatted(stranger.user()),
                "{\"act\": \"verify\", \"reason\": \"Seen in person\"}");
        var page = admin.form("/admin/users/" + stranger.user(), Map.of("act", "verify", "reason", "Seen in person"));

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("mailbox_must_be_proven");
        assertThat(page.status()).isEqualTo(409);
        assertThat(page.text()).contains("they must sign in by a mailed code", "Seen in person");
        assertThat(vote(stranger, song).code()).isEqualTo("email_not_verified");
        var owner = visitor.byCode(inbox, Api.email(name));
        assertThat(owner.user()).isEqualTo(ada.user());
        assertThat(vote(owner, song).code()).isEqualTo("already_voted");
        assertThat(owner.delete("/api/v1/me").status()).isEqualTo(202);
    }

    @Test
    void theLastOwnerOfAClientStays() {
        var admin = Api.admin(urvote, Stage.unique("client-admin"));
        var slug = Stage.unique("left-alone-");
        admin.post("/api/v1/clients", "{\"slug\": \"%s\", \"name\": \"%s\"}".formatted(slug, slug));
        var owner = stage.voter();
        var other = stage.voter();
        appoint(admin, slug, owner);

        var refused = owner.delete("/api/v1/me");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("last_owner");
        assertThat(refused.json().path("detail").asString()).contains("make somebody else an owner of " + slug);
        assertThat(owner.get("/api/v1/me").status()).isEqualTo(200);

        appoint(admin, slug, other);
        var answers = Stage.atOnce(
                List.<Callable<Answer>>of(() -> owner.delete("/api/v1/me"), () -> other.delete("/api/v1/me")));
        assertThat(answers).extracting(Answer::status).containsExactlyInAnyOrder(202, 409);
    }

    @Test
    void theLastAdminStays() {
        try (var alone = RunningUrVote.start()) {
            var admin = Api.admin(alone, "alone");

            assertThat(admin.delete("/api/v1/me").code()).isEqualTo("last_admin");

            var other = Api.admin(alone, "other");
            var answers = Stage.atOnce(
                    List.<Callable<Answer>>of(() -> admin.delete("/api/v1/me"), () -> other.delete("/api/v1/me")));
            assertThat(answers).extracting(Answer::status).containsExactlyInAnyOrder(202, 409);
        }
    }

    @Test
    void thePageAsksForThePasswordOrAFreshCode() {
        var voter = stage.voter();
        var email = Api.email(nameOf(voter));

        assertThat(voter.page("/me").text()).contains("/api/v1/me/export", "/me/erasure");
        assertThat(voter.page("/me/erasure").text()).contains("This cannot be undone", "Mail a code to " + email);
        assertThat(voter.form("/me/erasure", Map.of("password", "", "code", "")).status())
                .isEqualTo(422);
        assertThat(voter.form("/me/erasure", Map.of("password", "not my password", "code", ""))
                        .text())
                .contains("Password is not the one of this account");
        assertThat(voter.form("/me/erasure", Map.of("password", "", "code", "123456"))
                        .status())
                .isEqualTo(422);
        assertThat(voter.form("/me/erasure/code", Map.of()).status()).isEqualTo(303);
        var code = inbox.code(email, 1);

        var done = voter.form("/me/erasure", Map.of("password", "", "code", code));

        assertThat(done.status()).as(done.text()).isEqualTo(303);
        assertThat(done.header("Location")).isEqualTo("/");
        assertThat(voter.get("/api/v1/me").status()).isEqualTo(401);

        var byPassword = stage.voter();
        assertThat(byPassword
                        .form("/me/erasure", Map.of("password", "correct horse battery staple", "code", ""))
                        .status())
                .isEqualTo(303);
        assertThat(byPassword.get("/api/v1/me").status()).isEqualTo(401);
    }

    @Test
    void votesForgetWhereTheyCameFromInTime() throws Exception {
        var old = stage.contest();
        var young = stage.contest();
        var songs = Map.of(old, stage.song(old, "Old"), young, stage.song(young, "Young"));
        for (var song : songs.values()) {
            for (int n = 0; n < 3; n++) {
                assertThat(stage.voter()
                                .postWith(
                                        "/api/v1/songs/%d/votes".formatted(song.value()),
                                        "{\"device_fingerprint\": \"a-device\"}",
                                        "Content-Type",
                                        "application/json",
                                        "User-Agent",
                                        "A browser")
                                .status())
                        .isEqualTo(201);
            }
        }
        end(old, "91 days");
        end(young, "89 days");
        var before = database.sql(
                        "select id, song_id, voter_id, vote_day, created_at, status, vote_weight from contest.votes"
                                + " order by id")
                .query()
                .listOfRows();
        assertThat(chore("addresses and devices of old votes").plan()).hasSize(1);

        var did = chore("addresses and devices of old votes").run();

        assertThat(did).contains("3 votes of");
        assertThat(traces(old)).isEqualTo("0 of 3");
        assertThat(traces(young)).isEqualTo("3 of 3");
        assertThat(database.sql("select id, song_id, voter_id, vote_day, created_at, status, vote_weight from"
                                + " contest.votes order by id")
                        .query()
                        .listOfRows())
                .isEqualTo(before);
        assertThat(counts(Objects.requireNonNull(songs.get(old)))).isEqualTo("3 3");
        assertThat(chore("addresses and devices of old votes").plan()).isEmpty();
        end(young, "91 days");
        chore("addresses and devices of old votes").run();
        assertThat(traces(young)).isEqualTo("0 of 3");
    }

    @Test
    void aContestWhoseEndMovesWhileItsVotesForgetIsLookedAtAgain() throws Exception {
        var contest = stage.contest();
        var song = stage.song(contest, "Old");
        vote(stage.voter(), song);
        end(contest, "91 days");
        CompletableFuture<Void> forgetting;
        try (var reader = stage.connection();
                var statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("select from contest.votes where contest_id = %d for update".formatted(contest.value()));
            forgetting = CompletableFuture.runAsync(PrivacyIT::forget, Thread::startVirtualThread);
            await().until(() -> database.sql(
                            "select exists (select from pg_stat_activity where wait_event_type = 'Lock' and datname ="
                                    + " current_database())")
                    .query(Boolean.class)
                    .single());

            end(contest, "92 days");
            reader.rollback();
        }
        forgetting.join();
        database.sql("""
            insert into contest.votes (song_id, contest_id, voter_id, vote_day, ip_address)
            values (:song, :contest, :voter, current_date, '192.0.2.1')
            """)
                .param("song", song.value())
                .param("contest", contest.value())
                .param("voter", stage.voter().user())
                .update();
        assertThat(traces(contest)).isEqualTo("1 of 2");

        forget();

        assertThat(traces(contest)).isEqualTo("0 of 2");
    }

    private static void forget() {
        try {
            chore("addresses and devices of old votes").run();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Answer vote(Api voter, SongId song) {
        return voter.post("/api/v1/songs/%d/votes".formatted(song.value()), "{}");
    }

    private static void approve(SongId song) {
        var admin = Api.admin(urvote, "privacy-admin");
        assertThat(admin.post("/api/v1/songs/%d/approval".formatted(song.value()))
                        .status())
                .isLessThan(300);
    }

    private static void appoint(Api admin, String slug, Api person) {
        assertThat(admin.put("/api/v1/clients/%s/members/%d".formatted(slug, person.user()), "{\"role\": \"owner\"}")
                        .status())
                .isLessThan(300);
    }

    private static SongId upload(Api artist, ContestId contest) throws IOException {
        try (var file = Objects.requireNonNull(PrivacyIT.class.getResourceAsStream("/audio/tone.mp3"))) {
            var answer = artist.send(
                    "POST",
                    "/api/v1/contests/%d/songs".formatted(contest.value()),
                    new Multipart()
                            .field("title", "My song")
                            .field("artist_name", "Ada of Basel")
                            .field("ai_tools_used", "Suno")
                            .field("description", "Of my youth")
                            .field("license_type", "cc_by")
                            .field("rights_declared", "true")
                            .file("file", "song.mp3", file.readAllBytes()));
            assertThat(answer.status()).as(answer.text()).isEqualTo(201);
            return new SongId(answer.json().path("id").asLong());
        }
    }

    private static Path fileOf(SongId song) {
        return urvote.dataDir()
                .resolve("uploads")
                .resolve(database.sql("select file_path from contest.songs where id = :song")
                        .param("song", song.value())
                        .query(String.class)
                        .single());
    }

    private static JsonNode board(ContestId contest) {
        return visitor.get("/api/v1/contests/%d/leaderboard".formatted(contest.value()))
                .json();
    }

    /// The counted votes, and what the tallies say.
    private static String counts(SongId song) {
        return database.sql("""
            select (select count(*) from contest.votes where song_id = :song and status = 'counted')
                   || ' ' || (select coalesce(sum(n), 0) from contest.song_tallies where song_id = :song)
            """).param("song", song.value()).query(String.class).single();
    }

    private static String traces(ContestId contest) {
        return database.sql("""
            select count(*) filter (where num_nonnulls(ip_address, user_agent, device_fingerprint, country_code, region, city) > 0)
                   || ' of ' || count(*)
              from contest.votes
             where contest_id = :contest
            """)
                .param("contest", contest.value())
                .query(String.class)
                .single();
    }

    private static void end(ContestId contest, String ago) {
        database.sql("""
            update contest.contests
               set start_date = now() - interval '1 year', end_date = now() - cast(:ago as interval)
             where id = :contest
            """).param("contest", contest.value()).param("ago", ago).update();
    }

    private static void later(Api erased, Duration passed) {
        database.sql("update identity.erasures set erased_at = erased_at - make_interval(secs => :seconds) where"
                        + " user_id = :user")
                .param("seconds", passed.toSeconds())
                .param("user", erased.user())
                .update();
    }

    private static int erasures(Api erased) {
        return database.sql("select count(*) from identity.erasures where user_id = :user")
                .param("user", erased.user())
                .query(Integer.class)
                .single();
    }

    private static void finish() throws Exception {
        chore("bring erasures to their end").run();
    }

    private static Chore chore(String name) {
        return urvote.beans(Chore.class).stream()
                .filter(chore -> chore.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String nameOf(Api person) {
        return database.sql("select username from identity.users where id = :user")
                .param("user", person.user())
                .query(String.class)
                .single();
    }
}
