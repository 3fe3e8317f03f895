package rocks.urvote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import rocks.urvote.testkit.Api;
import rocks.urvote.testkit.Api.Answer;
import rocks.urvote.testkit.Inbox;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;

/// A contest from its first day to its leaderboard, told over the API as programs would do it.
class StoryIT {

    private static final Map<String, String> ABOUT = Map.of(
            "artist_name", "Ann Onym",
            "genre", "Folk",
            "ai_tools_used", "Suno, and my own voice",
            "license_type", "cc_by",
            "rights_declared", "true");

    static RunningUrVote urvote;
    static Inbox inbox;
    static Api visitor;

    @BeforeAll
    static void start() {
        urvote = RunningUrVote.start(Map.of("URVOTE_TRUSTED_PROXIES", "127.0.0.0/8,::1"));
        inbox = Inbox.of(urvote);
        visitor = Api.visitor(urvote);
    }

    @AfterAll
    static void stop() {
        urvote.close();
    }

    @Test
    void aContestRunsFromEndToEnd() throws IOException {
        var admin = Api.admin(urvote, "admin");
        var owner = visitor.byCode(inbox, "owner@example.org");
        var moderator = visitor.byCode(inbox, "moderator@example.org");
        var artist = visitor.byCode(inbox, "artist@example.org");
        made(because(
                admin,
                "POST",
                "/api/v1/clients",
                "{\"slug\": \"sound-of-chi\", \"name\": \"Sound of Chi\"}",
                "Signed"));
        done(because(
                admin,
                "PUT",
                "/api/v1/clients/sound-of-chi/members/" + owner.user(),
                "{\"role\": \"owner\"}",
                "Named in the contract"));
        member(owner, moderator, "moderator");
        var contest = contest(owner);

        var mp3 = submit(artist, contest, "Morning", "morning.mp3", audio("tone.mp3"));
        var flac = submit(artist, contest, "Noon", "noon.flac", audio("tone.flac"));
        var link = submitLink(artist, contest, "Night");

        assertThat(titles(visitor.get(songs(contest)))).isEmpty();
        assertThat(titles(moderator.get("/api/v1/clients/sound-of-chi/songs?status=pending")))
                .containsExactlyInAnyOrder("Morning", "Noon", "Night");
        assertThat(visitor.get("/api/v1/songs/" + flac).status()).isEqualTo(404);
        assertThat(visitor.get("/api/v1/songs/%d/audio".formatted(flac)).status())
                .isEqualTo(404);

        rejectedAndFixed(moderator, artist, flac);
        for (var song : List.of(mp3, flac, link)) {
            done(moderator.postWith("/api/v1/songs/%d/approval".formatted(song), ""));
        }

        assertThat(titles(visitor.get(songs(contest)))).containsExactlyInAnyOrder("Morning", "Noon at last", "Night");
        await().untilAsserted(() -> assertThat(inbox.to("artist@example.org"))
                .filteredOn(mail -> mail.contains("is approved. Everyone can hear it now"))
                .hasSize(3));
        isServedAsItCame(mp3, audio("tone.mp3"), "audio/mpeg");
        isServedAsItCame(flac, audio("tone.flac"), "audio/flac");

        twentyPeopleVote(List.of(mp3, flac, link));

        theBoardIsWhatTheVotesAre(contest, Map.of(mp3, 20L, flac, 10L, link, 5L));
        theLogTellsTheStory(mp3, flac, link);

        done(because(
                admin, "PATCH", "/api/v1/clients/sound-of-chi", "{\"tagline\": \"New songs\"}", "They asked us to"));
        done(admin.post(
                "/api/v1/admin/users/%d/acts".formatted(artist.user()),
                "{\"act\": \"lock\", \"reason\": \"Sold votes\"}"));
        everyActOfTheAdminIsOnRecord(admin);
    }

    private static Answer because(Api admin, String method, String path, String body, String reason) {
        return admin.send(
                method,
                path,
                body.getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/json",
                "X-Reason",
                reason);
    }

    /// Who, what, before, after and why.
    private static void everyActOfTheAdminIsOnRecord(Api admin) {
        var lines = new ArrayList<String>();
        admin.get("/api/v1/admin/audit?who=admin").json().path("items").forEach(line -> {
            assertThat(line.path("actor").asString()).isEqualTo("admin");
            line.path("changes")
                    .forEach(change -> lines.add("%s %s: %s -> %s, because %s"
                            .formatted(
                                    line.path("fact").asString(),
                                    change.path("field").asString(),
                                    change.path("before").asString(""),
                                    change.path("after").asString(""),
                                    line.path("reason").asString(""))));
        });

        assertThat(lines)
                .containsExactly(
                        "UserLocked is_active: true -> false, because Sold votes",
                        "ClientChanged tagline:  -> New songs, because They asked us to",
                        "MemberAdded role:  -> owner, because Named in the contract",
                        "ClientAdded name:  -> Sound of Chi, because Signed");
    }

    private static void rejectedAndFixed(Api moderator, Api artist, long song) {
        done(moderator.post(
                "/api/v1/songs/%d/rejection".formatted(song), "{\"reason\": \"The title belongs to another song.\"}"));

        await().untilAsserted(() -> assertThat(inbox.to("artist@example.org"))
                .anySatisfy(mail -> assertThat(mail)
                        .contains("was not approved")
                        .contains("The title belongs to another song.")
                        .contains("/songs/" + song)));
        var seen = artist.get("/api/v1/songs/" + song).json();
        assertThat(seen.path("status").asString()).isEqualTo("rejected");
        assertThat(seen.path("rejection_reason").asString()).isEqualTo("The title belongs to another song.");

        var fixed = artist.patch("/api/v1/songs/" + song, "{\"title\": \"Noon at last\"}");

        assertThat(fixed.status()).as(fixed.text()).isEqualTo(200);
        assertThat(fixed.json().path("status").asString()).isEqualTo("pending");
    }

    private static void isServedAsItCame(long song, byte[] uploaded, String type) {
        var path = "/api/v1/songs/%d/audio".formatted(song);

        var whole = visitor.get(path);
        var part = visitor.get(path, "Range", "bytes=100-299");
        var end = visitor.get(path, "Range", "bytes=-50");

        assertThat(whole.status()).isEqualTo(200);
        assertThat(whole.body()).isEqualTo(uploaded);
        assertThat(whole.header("Content-Type")).isEqualTo(type);
        assertThat(whole.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.header("Content-Range")).isEqualTo("bytes 100-299/" + uploaded.length);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(uploaded, 100, 300));
        assertThat(end.body()).isEqualTo(Arrays.copyOfRange(uploaded, uploaded.length - 50, uploaded.length));
    }

    /// Everyone likes the first song, every second one the second, every fourth one the third.
    private static void twentyPeopleVote(List<Long> songs) {
        for (var number = 1; number <= 20; number++) {
            var voter = visitor.from("203.0.113." + number).byCode(inbox, "voter%d@example.org".formatted(number));
            for (var song = 0; song < songs.size(); song++) {
                if (number % (1 << song) == 0) {
                    made(voter.postWith("/api/v1/songs/%d/votes".formatted(songs.get(song)), ""));
                }
            }
        }
    }

    private static void theBoardIsWhatTheVotesAre(long contest, Map<Long, Long> expected) {
        var database = new Stage(urvote).database();
        var board = await().until(
                        () -> visitor.get("/api/v1/contests/%d/leaderboard".formatted(contest))
                                .json(),
                        shown -> shown.path("total_votes").asLong() == 35);
        var shown = new HashMap<Long, Long>();
        board.path("entries")
                .forEach(entry -> shown.put(
                        entry.path("song_id").asLong(), entry.path("votes").asLong()));

        var stored = new HashMap<Long, Long>();
        database.sql("select song_id, count(*) as votes from votes where status = 'counted' group by song_id")
                .query(row -> {
                    stored.put(row.getLong("song_id"), row.getLong("votes"));
                });

        assertThat(shown).isEqualTo(stored).isEqualTo(expected);
        assertThat(database.sql("select count(distinct ip_address) from votes")
                        .query(Long.class)
                        .single())
                .isEqualTo(20);
    }

    private static void theLogTellsTheStory(long mp3, long flac, long link) {
        var log = new Stage(urvote).database().sql("""
            select concat_ws(' ', fact, detail ->> 'song')
              from contest.audit_log
             where detail ->> 'contest' is not null or fact like 'Client%' or fact like 'Member%'
             order by id
            """).query(String.class).list();

        assertThat(log)
                .startsWith(
                        "ClientAdded",
                        "MemberAdded",
                        "MemberAdded",
                        "ContestAdded",
                        "SongSubmitted " + mp3,
                        "SongSubmitted " + flac,
                        "SongSubmitted " + link,
                        "SongRejected " + flac,
                        "SongResubmitted " + flac,
                        "SongApproved " + mp3,
                        "SongApproved " + flac,
                        "SongApproved " + link);
    }

    private static void member(Api by, Api person, String role) {
        done(by.put("/api/v1/clients/sound-of-chi/members/" + person.user(), "{\"role\": \"%s\"}".formatted(role)));
    }

    private static long contest(Api owner) {
        return made(owner.post("/api/v1/clients/sound-of-chi/contests", """
            {"name": "Sound of Chi Album Contest", "start_date": "%s", "end_date": "%s",
             "max_entries_per_user": 3, "voting_enabled": true}
            """.formatted(
                        Instant.now().minus(Duration.ofDays(1)), Instant.now().plus(Duration.ofDays(30)))));
    }

    private static long submit(Api artist, long contest, String title, String fileName, byte[] content) {
        return made(artist.upload("POST", songs(contest), titled(title), fileName, content));
    }

    private static long submitLink(Api artist, long contest, String title) {
        return made(artist.post(songs(contest), """
            {"title": "%s", "artist_name": "Ann Onym", "ai_tools_used": "Udio", "license_type": "stream_only",
             "rights_declared": true, "external_link": "https://soundcloud.com/ann-onym/night"}
            """.formatted(title)));
    }

    private static Map<String, String> titled(String title) {
        var fields = new HashMap<>(ABOUT);
        fields.put("title", title);
        return fields;
    }

    private static String songs(long contest) {
        return "/api/v1/contests/%d/songs".formatted(contest);
    }

    private static List<String> titles(Answer list) {
        assertThat(list.status()).as(list.text()).isEqualTo(200);
        var items = list.json().path("items");
        return IntStream.range(0, items.size())
                .mapToObj(at -> items.get(at).path("title").asString())
                .toList();
    }

    private static long made(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json().path("id").asLong();
    }

    private static void done(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isBetween(200, 204);
    }

    private static byte[] audio(String name) throws IOException {
        try (var file = Objects.requireNonNull(StoryIT.class.getResourceAsStream("/audio/" + name), name)) {
            return file.readAllBytes();
        }
    }
}
