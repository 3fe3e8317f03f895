package rocks.urvote.songs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rocks.urvote.testkit.Api;
import rocks.urvote.testkit.Api.Answer;
import rocks.urvote.testkit.Multipart;
import rocks.urvote.testkit.RunningUrVote;

class SongsIT {

    private static final String LINK = "https://www.youtube.com/watch?v=dQw4w9WgXcQ";
    private static final AtomicInteger COUNT = new AtomicInteger();

    /// So many songs one person may send at a time.
    private static final int MOST_AT_ONCE = 3;

    static RunningUrVote urvote;
    static Api visitor;
    static Api admin;
    static Api owner;
    static Api stranger;

    @BeforeAll
    static void aClientWithAnOwnerAndAnotherWithAStranger() {
        urvote = RunningUrVote.start();
        visitor = Api.visitor(urvote);
        admin = person("Ada", true);
        owner = person("Olga", false);
        stranger = person("Stan", false);
        client("here", owner);
        client("there", stranger);
    }

    @AfterAll
    static void stop() {
        urvote.close();
    }

    private static Api person(String name, boolean isAdmin) {
        var unique = name.toLowerCase(java.util.Locale.ROOT) + COUNT.incrementAndGet();
        return isAdmin ? Api.admin(urvote, unique) : Api.signedIn(urvote, unique);
    }

    private static long id(Api person) {
        return person.get("/api/v1/me").json().path("id").asLong();
    }

    private static void client(String slug, Api owner) {
        var made = admin.post("/api/v1/clients", "{\"slug\": \"%s\", \"name\": \"%s\"}".formatted(slug, slug));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(admin.put("/api/v1/clients/%s/members/%d".formatted(slug, id(owner)), "{\"role\": \"owner\"}")
                        .status())
                .isBetween(200, 204);
    }

    private static long contest(int mostEntries, String more) {
        var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        var made = owner.post("/api/v1/clients/here/contests", """
            {"name": "Contest %d", "start_date": "%s", "end_date": "%s", "max_entries_per_user": %d%s}
            """.formatted(
                        COUNT.incrementAndGet(),
                        now.minus(Duration.ofDays(1)),
                        now.plus(Duration.ofDays(30)),
                        mostEntries,
                        more.isEmpty() ? "" : ", " + more));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.json().path("id").asLong();
    }

    private static String songs(long contest) {
        return "/api/v1/contests/%d/songs".formatted(contest);
    }

    private static String song(Answer made) {
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return "/api/v1/songs/" + made.json().path("id").asLong();
    }

    private static Multipart fields() {
        return new Multipart()
                .field("title", "Nachtmusik – Ä")
                .field("artist_name", "Ann Onym")
                .field("genre", "Folk")
                .field("ai_tools_used", "Suno, and my own voice")
                .field("license_type", "cc_by")
                .field("rights_declared", "true");
    }

    private static String linkJson(String title) {
        return """
            {"title": "%s", "artist_name": "Ann Onym", "ai_tools_used": "Udio", "license_type": "stream_only",
             "rights_declared": true, "external_link": "%s"}
            """.formatted(title, LINK);
    }

    private static byte[] audio(String name) {
        try (var in = Objects.requireNonNull(SongsIT.class.getResourceAsStream("/audio/" + name))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Answer upload(Api artist, long contest, String name, byte[] content) {
        return artist.send("POST", songs(contest), fields().file("file", name, content));
    }

    /// The beginning of a request that is sent by hand.
    private static byte[] head(String path, Api artist, Multipart form, String length) {
        return """
            POST %s HTTP/1.1
            Host: localhost
            Authorization: Bearer %s
            Content-Type: %s
            Connection: close
            %s

            """.formatted(path, artist.token(), form.contentType(), length)
                .replace("\n", "\r\n")
                .getBytes(UTF_8);
    }

    private static Path uploads() {
        return urvote.dataDir().resolve("uploads");
    }

    private static List<String> kept() {
        try (var files = Files.walk(uploads())) {
            return files.filter(Files::isRegularFile)
                    .map(Path::toString)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Answer> atOnce(int times, Callable<Answer> work) {
        try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
            return people
                    .invokeAll(IntStream.range(0, times).mapToObj(_ -> work).toList())
                    .stream()
                    .map(SongsIT::answer)
                    .toList();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Answer answer(Future<Answer> asked) {
        try {
            return asked.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    // Coming in

    @ParameterizedTest
    @CsvSource({
        "tone.mp3, audio/mpeg",
        "tone-vbr.mp3, audio/mpeg",
        "tone.flac, audio/flac",
        "tone.wav, audio/wav",
        "tone.m4a, audio/mp4",
        "tone.aac, audio/aac",
        "tone.ogg, audio/ogg",
        "tone.opus, audio/ogg"
    })
    void takesEveryKindOfAudioByItsContent(String name, String mediaType) {
        var artist = person("artist", false);

        var made = upload(artist, contest(1, ""), "whatever.exe", audio(name));

        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.json().path("status").asString()).isEqualTo("pending");
        assertThat(made.json().path("title").asString()).isEqualTo("Nachtmusik – Ä");
        assertThat(made.json().path("media_type").asString()).isEqualTo(mediaType);
        assertThat(made.json().path("file_size").asLong()).isEqualTo(audio(name).length);
        assertThat(made.text()).doesNotContain("file_path").doesNotContain("@example.org");
        assertThat(artist.get(song(made) + "/audio").body()).isEqualTo(audio(name));
    }

    @Test
    void takesALinkAsJson() {
        var artist = person("artist", false);
        var contest = contest(1, "");

        var made = artist.post(songs(contest), linkJson("Elsewhere"));

        assertThat(made.json().path("external_link").asString()).isEqualTo(LINK);
        assertThat(made.header("Location")).isEqualTo(song(made));
        assertThat(artist.get(song(made) + "/audio").status()).isEqualTo(404);
        assertThat(artist.get("/api/v1/me/songs").json().path("items").size()).isEqualTo(1);
    }

    @Test
    void takesAFileAndALinkTogether() {
        var made = person("artist", false)
                .send(
                        "POST",
                        songs(contest(1, "")),
                        fields().field("external_link", LINK).file("file", "a.mp3", audio("tone.mp3")));

        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.json().path("external_link").asString()).isEqualTo(LINK);
        assertThat(made.json().path("audio_url").asString()).endsWith("/audio");
    }

    @Test
    void keepsFilesForTheProgramsOwnEyes() throws IOException {
        upload(person("artist", false), contest(1, ""), "a.mp3", audio("tone.mp3"));

        for (var file : kept()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(file))))
                    .isEqualTo("rw-------");
            assertThat(uploads().relativize(Path.of(file)).toString())
                    .matches("(processed/)?\\d{4}/\\d{2}/[0-9a-f]{32}\\..*");
        }
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(uploads().resolve("temp"))))
                .isEqualTo("rwx------");
        assertThat(uploads().resolve("processed")).isDirectory();
    }

    // Turned away

    @ParameterizedTest
    @ValueSource(strings = {"page.html", "picture.jpg", "picture.png", "words.txt", "video.mp4", "short.mp3"})
    void turnsAwayWhatIsNoAudioAndKeepsNoByteOfIt(String name) {
        var before = kept();

        var refused = upload(person("artist", false), contest(1, ""), "song.mp3", audio(name));

        assertThat(refused.status()).as(refused.text()).isEqualTo(415);
        assertThat(refused.code()).isEqualTo("not_audio");
        assertThat(refused.json().path("detail").asString()).isNotBlank();
        assertThat(kept()).isEqualTo(before);
    }

    @Test
    void turnsAwayAnEmptyFileAndACutOffOne() {
        var before = kept();
        var artist = person("artist", false);
        var contest = contest(1, "");
        var whole = audio("tone.flac");

        assertThat(upload(artist, contest, "a.mp3", new byte[0]).code()).isEqualTo("not_audio");
        assertThat(upload(artist, contest, "a.flac", Arrays.copyOf(whole, whole.length / 2))
                        .code())
                .isEqualTo("not_audio");
        assertThat(kept()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../x", "..", "a/b.mp3", "a\\\\b.mp3", "x.mp3\0.html", "x\u0007.mp3"})
    void turnsAwayHostileFileNames(String name) {
        var before = kept();

        var refused = upload(person("artist", false), contest(1, ""), name, audio("tone.mp3"));

        assertThat(refused.status()).as(refused.text()).isBetween(400, 422);
        assertThat(kept()).isEqualTo(before);
    }

    @Test
    void turnsAwayWhatIsTooLargeWhetherAnnouncedOrNot() throws Exception {
        var before = kept();
        var artist = person("artist", false);
        var contest = contest(1, "\"settings\": {\"max_upload_mb\": 1}");
        var slightly = Arrays.copyOf(audio("tone.mp3"), 1024 * 1024 + 1);
        var greatly = Arrays.copyOf(audio("tone.mp3"), 30 * 1024 * 1024);

        assertThat(upload(artist, contest, "a.mp3", slightly).code()).isEqualTo("file_too_large");
        assertThat(upload(artist, contest, "a.mp3", greatly).status()).isEqualTo(413);
        assertThat(kept()).isEqualTo(before);

        var form = fields().file("file", "a.mp3", greatly);
        try (var socket =
                new Socket(urvote.address().getHost(), urvote.address().getPort())) {
            var out = socket.getOutputStream();
            out.write(head(songs(contest), artist, form, "Transfer-Encoding: chunked"));
            out.write("%x\r\n".formatted(form.bytes().length).getBytes(UTF_8));
            out.write(form.bytes());
            out.write("\r\n0\r\n\r\n".getBytes(UTF_8));
            out.flush();

            assertThat(new String(socket.getInputStream().readNBytes(12), UTF_8))
                    .isEqualTo("HTTP/1.1 413");
        }
        assertThat(kept()).isEqualTo(before);
    }

    @Test
    void keepsNothingOfAnUploadWhoseSenderWentAway() throws Exception {
        var before = kept();
        var artist = person("artist", false);
        var contest = contest(1, "");
        var body = fields().file("file", "a.wav", Arrays.copyOf(audio("tone.wav"), 300_000))
                .bytes();

        try (var socket =
                new Socket(urvote.address().getHost(), urvote.address().getPort())) {
            socket.getOutputStream().write(head(songs(contest), artist, fields(), "Content-Length: 40000000"));
            socket.getOutputStream().write(body, 0, body.length / 2);
            socket.getOutputStream().flush();
            await().until(() -> !kept().equals(before));
        }

        await().untilAsserted(() -> assertThat(kept()).isEqualTo(before));
        assertThat(artist.get("/api/v1/me/songs").json().path("items").size()).isZero();
    }

    @Test
    void namesEveryFieldThatIsWrong() {
        var artist = person("artist", false);
        var contest = contest(1, "");

        var empty = artist.post(songs(contest), "{}");
        assertThat(empty.status()).isEqualTo(422);
        assertThat(empty.text())
                .contains("\"title\"")
                .contains("\"artist_name\"")
                .contains("\"ai_tools_used\"")
                .contains("\"license_type\"")
                .contains("\"rights_declared\"")
                .contains("external_link");
        assertThat(artist.post(songs(contest), linkJson("x").replace("true", "false"))
                        .status())
                .isEqualTo(422);
        assertThat(artist.post(songs(contest), linkJson("x").replace("true", "\"true\""))
                        .status())
                .isEqualTo(422);
        assertThat(artist.post(songs(contest), linkJson("x").replace("\"title\"", "\"titel\""))
                        .status())
                .isEqualTo(422);
        assertThat(artist.post(songs(contest), linkJson("x\\u0000y")).status()).isEqualTo(422);
        assertThat(artist.post(songs(contest), linkJson("x".repeat(256))).status())
                .isEqualTo(422);
        assertThat(artist.post(songs(contest), linkJson("x").replace("stream_only", "mine"))
                        .status())
                .isEqualTo(422);
        assertThat(artist.post(songs(contest), "null").status()).isEqualTo(400);
        assertThat(artist.post(songs(contest), "[]").status()).isEqualTo(400);
        assertThat(artist.post(songs(contest), "{\"title\": ").status()).isEqualTo(400);
        assertThat(artist.send("POST", songs(contest), new byte[] {1}, "Content-Type", "text/plain")
                        .status())
                .isEqualTo(415);
        assertThat(artist.send("PUT", songs(contest), new byte[] {1}, "Content-Type", "application/json")
                        .status())
                .isEqualTo(405);
    }

    @Test
    void namesEveryPartThatIsWrongAndKeepsNoFile() {
        var before = kept();
        var artist = person("artist", false);
        var contest = contest(1, "");
        var mp3 = audio("tone.mp3");

        for (var form : List.of(
                fields().file("file", "a.mp3", mp3).field("status", "approved"),
                fields().file("file", "a.mp3", mp3).field("title", "again"),
                fields().file("file", "a.mp3", mp3).file("file", "b.mp3", mp3),
                fields().file("file", "a.mp3", mp3).file("cover", "b.jpg", audio("picture.jpg")),
                fields().file("file", "a.mp3", mp3).field("description", "x".repeat(5001)),
                fields().file("file", "a.mp3", mp3).field("description", "x".repeat(700_000)),
                fields().file("file", "a.mp3", mp3).field("external_link", "http://example.com"),
                new Multipart().file("file", "a.mp3", mp3),
                fields())) {
            var refused = artist.send("POST", songs(contest), form);
            assertThat(refused.status()).as(refused.text()).isEqualTo(422);
            assertThat(refused.json().path("errors").size()).isPositive();
        }
        assertThat(artist.send("POST", songs(contest), new byte[] {1, 2}, "Content-Type", "multipart/form-data")
                        .status())
                .isEqualTo(400);
        assertThat(artist.send(
                                "POST",
                                songs(contest),
                                "--x\r\nnonsense".getBytes(UTF_8),
                                "Content-Type",
                                "multipart/form-data; boundary=x")
                        .status())
                .isEqualTo(400);
        var cut = fields().file("file", "a.mp3", mp3).bytes();
        assertThat(artist.send(
                                "POST",
                                songs(contest),
                                Arrays.copyOf(cut, cut.length - 40),
                                "Content-Type",
                                fields().contentType())
                        .status())
                .isEqualTo(400);
        assertThat(kept()).isEqualTo(before);
        assertThat(artist.get("/api/v1/me/songs").json().path("items").size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://www.youtube.com/watch?v=dQw4w9WgXcQ",
                "https://www.youtube.com/",
                "https://www.youtube.com/watch?v=short",
                "https://www.youtube.com/channel/UCabcdefghijk",
                "https://www.youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
                "https://evil@www.youtube.com/watch?v=dQw4w9WgXcQ",
                "https://www.youtube.com:8443/watch?v=dQw4w9WgXcQ",
                "https://youtu.be/",
                "https://soundcloud.com/artist",
                "https://on.soundcloud.com/",
                "javascript:alert(1)//www.youtube.com",
                "data:text/html,x"
            })
    void turnsAwayLinksThatLeadToNoSong(String link) {
        var refused = person("artist", false)
                .post(songs(contest(1, "")), linkJson("x").replace(LINK, link));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text()).contains("external_link");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://youtube.com/watch?v=dQw4w9WgXcQ&t=5",
                "https://m.youtube.com/shorts/dQw4w9WgXcQ",
                "https://music.youtube.com/watch?v=dQw4w9WgXcQ",
                "https://youtu.be/dQw4w9WgXcQ?si=x",
                "https://soundcloud.com/some-artist/some-song",
                "https://m.soundcloud.com/some-artist/some-song",
                "https://on.soundcloud.com/AbCdEfGh123"
            })
    void takesLinksThatLeadToASong(String link) {
        assertThat(person("artist", false)
                        .post(songs(contest(1, "")), linkJson("x").replace(LINK, link))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void takesSongsOnlyFromVerifiedPeopleAndOnlyWhileTheContestTakesThem() {
        var past = Instant.now().minus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);
        var contest = contest(1, "");
        var over = contest(1, "\"settings\": {\"submissions_close\": \"%s\"}".formatted(past));
        var artist = person("artist", false);

        assertThat(visitor.post(songs(contest), linkJson("x")).code()).isEqualTo("sign_in_required");
        assertThat(visitor.send("POST", songs(contest), fields().file("file", "a", audio("tone.mp3")))
                        .status())
                .isEqualTo(401);
        assertThat(artist.post(songs(over), linkJson("x")).code()).isEqualTo("submissions_closed");
        assertThat(upload(artist, over, "a.mp3", audio("tone.mp3")).status()).isEqualTo(409);
        assertThat(artist.post(songs(999_999), linkJson("x")).status()).isEqualTo(404);
        assertThat(artist.post("/api/v1/contests/abc/songs", linkJson("x")).status())
                .isEqualTo(404);
    }

    // How many

    @Test
    void holdsTheEntryLimitAgainstSixtyFourAtOnce() {
        var artist = person("artist", false);
        var contest = contest(3, "");

        var answers = atOnce(64, () -> artist.post(songs(contest), linkJson("x")));

        assertThat(answers).filteredOn(answer -> answer.status() == 201).hasSize(3);
        assertThat(answers)
                .filteredOn(answer -> answer.status() == 409)
                .hasSize(61)
                .allMatch(answer -> answer.code().equals("entry_limit_reached"));
        assertThat(artist.get("/api/v1/me/songs").json().path("items").size()).isEqualTo(3);
    }

    @Test
    void takesTheSameFileOnceHoweverManySendIt() {
        var before = kept().size();
        var contest = contest(100, "");
        var artist = person("artist", false);
        var other = person("artist", false);

        var answers =
                new ArrayList<Answer>(atOnce(MOST_AT_ONCE, () -> upload(artist, contest, "a.mp3", audio("tone.mp3"))));

        assertThat(answers).filteredOn(answer -> answer.status() == 201).hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> answer.status() == 409)
                .hasSize(MOST_AT_ONCE - 1)
                .allMatch(answer -> answer.code().equals("duplicate_file"))
                .allMatch(answer -> answer.json().path("detail").asString().contains("/songs/"));
        var unseen = upload(other, contest, "b.mp3", audio("tone.mp3"));
        assertThat(unseen.code()).isEqualTo("duplicate_file");
        assertThat(unseen.json().path("detail").asString()).doesNotContain("/songs/");
        assertThat(kept()).hasSize(before + 1);
    }

    @Test
    void givesAPlaceBackAfterARejectionAndAWithdrawal() {
        var artist = person("artist", false);
        var contest = contest(1, "");
        var first = song(artist.post(songs(contest), linkJson("first")));
        assertThat(artist.post(songs(contest), linkJson("second")).code()).isEqualTo("entry_limit_reached");

        owner.post(first + "/rejection", "{\"reason\": \"too quiet\"}");
        var second = song(artist.post(songs(contest), linkJson("second")));

        assertThat(artist.patch(first, "{\"title\": \"louder\"}").code()).isEqualTo("entry_limit_reached");
        assertThat(artist.delete(second).status()).isEqualTo(204);
        assertThat(artist.delete(second).status()).isEqualTo(204);
        assertThat(artist.patch(first, "{\"title\": \"louder\"}")
                        .json()
                        .path("status")
                        .asString())
                .isEqualTo("pending");
    }

    // Who sees it

    @Test
    void showsASongThatWaitsToItsArtistItsClientAndAdminsOnly() {
        var artist = person("artist", false);
        var contest = contest(1, "");
        var song = song(upload(artist, contest, "a.mp3", audio("tone.mp3")));

        for (var path : List.of("", "/audio", "/waveform")) {
            for (var outsider : List.of(visitor, stranger, person("other", false))) {
                assertThat(outsider.get(song + path).status()).as(path).isEqualTo(404);
            }
        }
        for (var insider : List.of(artist, owner, admin)) {
            assertThat(insider.get(song).json().path("status").asString()).isEqualTo("pending");
            var heard = insider.get(song + "/audio");
            assertThat(heard.status()).isEqualTo(200);
            assertThat(heard.header("Cache-Control")).contains("no-store").contains("private");
        }
        assertThat(visitor.get(songs(contest)).json().path("items").size()).isZero();
        assertThat(stranger.delete(song).status()).isEqualTo(404);
        assertThat(stranger.post(song + "/approval").status()).isEqualTo(404);
    }

    @Test
    void showsAnApprovedSongToEveryoneButNotInADraft() {
        var artist = person("artist", false);
        var contest = contest(1, "");
        var song = song(upload(artist, contest, "a.mp3", audio("tone.mp3")));

        var approved = owner.post(song + "/approval");

        assertThat(approved.json().path("status").asString()).isEqualTo("approved");
        assertThat(owner.post(song + "/approval").code()).isEqualTo("not_pending");
        assertThat(owner.post(song + "/rejection", "{\"reason\": \"late\"}").code())
                .isEqualTo("not_pending");
        assertThat(visitor.get(song).json().has("artist_id")).isFalse();
        assertThat(visitor.get(song + "/audio").body()).isEqualTo(audio("tone.mp3"));
        assertThat(visitor.get(songs(contest)).json().path("items").size()).isEqualTo(1);
        assertThat(stranger.post(song + "/approval").status()).isEqualTo(403);
        assertThat(stranger.delete(song).status()).isEqualTo(403);
        assertThat(artist.patch(song, "{\"title\": \"other\"}").code()).isEqualTo("already_approved");

        owner.patch("/api/v1/contests/" + contest, "{\"is_active\": false}");
        assertThat(visitor.get(song).status()).isEqualTo(404);
        assertThat(visitor.get(song + "/audio").status()).isEqualTo(404);
        assertThat(stranger.get(song + "/audio").status()).isEqualTo(404);
        assertThat(owner.get(song + "/audio").status()).isEqualTo(200);
        owner.patch("/api/v1/contests/" + contest, "{\"is_active\": true}");

        assertThat(artist.delete(song).status()).isEqualTo(204);
        assertThat(visitor.get(song + "/audio").status()).isEqualTo(404);
    }

    @Test
    void sendsASongBackWithAReasonAndTakesItFixedWithAnotherFile() {
        var artist = person("artist", false);
        var contest = contest(1, "");
        var song = song(upload(artist, contest, "a.mp3", audio("tone.mp3")));
        var filesBefore = kept().size();

        assertThat(owner.post(song + "/rejection", "{\"reason\": \"  \"}").status())
                .isEqualTo(422);
        assertThat(owner.post(song + "/rejection", "{}").status()).isEqualTo(422);
        assertThat(stranger.post(song + "/rejection", "{\"reason\": \"x\"}").status())
                .isEqualTo(404);
        assertThat(owner.post(song + "/rejection", "{\"reason\": \"100% too quiet\"}")
                        .status())
                .isEqualTo(200);
        assertThat(artist.get(song).json().path("rejection_reason").asString()).isEqualTo("100% too quiet");

        var fixed = artist.send(
                "PATCH", song, new Multipart().field("title", "Louder").file("file", "b.flac", audio("tone.flac")));

        assertThat(fixed.status()).as(fixed.text()).isEqualTo(200);
        assertThat(fixed.json().path("status").asString()).isEqualTo("pending");
        assertThat(fixed.json().path("title").asString()).isEqualTo("Louder");
        assertThat(fixed.json().path("artist_name").asString()).isEqualTo("Ann Onym");
        assertThat(artist.get(song + "/audio").body()).isEqualTo(audio("tone.flac"));
        assertThat(kept()).hasSize(filesBefore);
        var before = kept();
        assertThat(artist.send("PATCH", song, new Multipart().file("file", "b.mp3", audio("page.html")))
                        .code())
                .isEqualTo("not_audio");
        assertThat(artist.patch(song, "{\"title\": null}").status()).isEqualTo(422);
        assertThat(artist.patch(song, "{\"status\": \"approved\"}").status()).isEqualTo(422);
        assertThat(artist.patch(song, "{\"rights_declared\": false}").status()).isEqualTo(422);
        assertThat(artist.patch(song, "null").status()).isEqualTo(400);
        assertThat(kept()).isEqualTo(before);
        assertThat(outbox()).anyMatch(mail -> mail.contains("100% too quiet"));
    }

    @Test
    void decidesOnNothingButWhatTheModeratorHeard() {
        var artist = person("artist", false);
        var song = song(artist.post(songs(contest(1, "")), linkJson("as heard")));
        var page = song.substring("/api/v1".length());
        var heard = owner.get(song).json().path("submitted_at").asString();
        var seen = "{\"submitted_at\": \"%s\"}".formatted(heard);
        var hidden = "name=\"submitted_at\" value=\"%s\"";
        assertThat(owner.get(page).text()).contains(hidden.formatted(heard));
        assertThat(owner.get("/clients/here/queue").text()).contains(hidden.formatted(heard));

        assertThat(artist.patch(song, "{\"title\": \"changed\"}").status()).isEqualTo(200);

        assertThat(owner.post(song + "/approval", seen).status()).isEqualTo(409);
        assertThat(owner.post(song + "/approval", seen).code()).isEqualTo("changed_meanwhile");
        assertThat(owner.post(song + "/rejection", seen.replace("{", "{\"reason\": \"x\", "))
                        .code())
                .isEqualTo("changed_meanwhile");
        for (var decision : List.of("/approval", "/rejection")) {
            var refused = owner.form(page + decision, Map.of("reason", "x", "submitted_at", heard));
            assertThat(refused.status()).isEqualTo(409);
        }
        assertThat(owner.post(song + "/approval", "{\"submitted_at\": \"now\"}").status())
                .isEqualTo(422);
        assertThat(artist.get(song).json().path("status").asString()).isEqualTo("pending");
        var again = owner.get(song).json().path("submitted_at").asString();
        assertThat(owner.post(song + "/approval", "{\"submitted_at\": \"%s\"}".formatted(again))
                        .json()
                        .path("status")
                        .asString())
                .isEqualTo("approved");
    }

    @Test
    void keepsOneFileOfASongHoweverManyReplaceItAtOnce() {
        var artist = person("artist", false);
        var song = song(upload(artist, contest(1, ""), "a.mp3", audio("tone.mp3")));
        var before = kept().size();

        var answers = atOnce(
                MOST_AT_ONCE,
                () -> artist.send("PATCH", song, new Multipart().file("file", "b.flac", audio("tone.flac"))));

        assertThat(answers).allMatch(answer -> answer.status() == 200);
        assertThat(kept()).hasSize(before);
    }

    private static List<String> outbox() {
        await().until(() -> !mails().isEmpty());
        return mails();
    }

    private static List<String> mails() {
        try (var files = Files.list(urvote.dataDir().resolve("outbox"))) {
            return files.filter(file -> file.toString().endsWith(".eml"))
                    .map(file -> {
                        try {
                            return Files.readString(file);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    // Listening

    @Test
    void playsWholeSongsAndRanges() {
        var artist = person("artist", false);
        var song = song(upload(artist, contest(1, ""), "a.wav", audio("tone.wav")));
        owner.post(song + "/approval");
        var whole = audio("tone.wav");
        var path = song + "/audio";

        var all = visitor.get(path);
        assertThat(all.header("Content-Type")).isEqualTo("audio/wav");
        assertThat(all.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(all.header("Accept-Ranges")).isEqualTo("bytes");
        assertThat(all.header("Content-Disposition")).startsWith("inline").contains(".wav");
        assertThat(all.header("Content-Length")).isEqualTo(Integer.toString(whole.length));
        assertThat(all.body()).isEqualTo(whole);

        var part = visitor.get(path, "Range", "bytes=100-299");
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.header("Content-Range")).isEqualTo("bytes 100-299/" + whole.length);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(whole, 100, 300));
        assertThat(visitor.get(path, "Range", "bytes=1000-").body())
                .isEqualTo(Arrays.copyOfRange(whole, 1000, whole.length));
        assertThat(visitor.get(path, "Range", "bytes=-10").body())
                .isEqualTo(Arrays.copyOfRange(whole, whole.length - 10, whole.length));
        var parts = visitor.get(path, "Range", "bytes=0-3,8-11");
        assertThat(parts.status()).isEqualTo(206);
        assertThat(parts.header("Content-Type")).startsWith("multipart/byteranges; boundary=");
        assertThat(parts.text()).contains("RIFF").contains("WAVE").contains("bytes 8-11/" + whole.length);

        var beyond = visitor.get(path, "Range", "bytes=" + whole.length + "-");
        assertThat(beyond.status()).isEqualTo(416);
        assertThat(beyond.header("Content-Range")).isEqualTo("bytes */" + whole.length);
        assertThat(visitor.get(path, "Range", "bytes=nonsense").status()).isEqualTo(416);
        assertThat(visitor.get(path, "Range", "lines=1-2").status()).isEqualTo(200);
        assertThat(visitor.get(path, "Range", "bytes=0-9", "If-Range", "\"other\"")
                        .status())
                .isEqualTo(200);
        assertThat(visitor.get(path, "Range", "bytes=0-9", "If-Range", all.header("ETag"))
                        .status())
                .isEqualTo(206);
        assertThat(visitor.get(path, "If-None-Match", all.header("ETag")).status())
                .isEqualTo(304);
        var head = visitor.head(path);
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("Content-Length")).isEqualTo(Integer.toString(whole.length));
    }

    @Test
    void playsLargeSongsAndLongRanges() {
        var noise = new byte[600_000];
        new Random(1).nextBytes(noise);
        var large = ByteBuffer.allocate(44 + noise.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(UTF_8))
                .putInt(36 + noise.length)
                .put("WAVEfmt ".getBytes(UTF_8))
                .putInt(16)
                .putShort((short) 1)
                .putShort((short) 1)
                .putInt(44_100)
                .putInt(88_200)
                .putShort((short) 2)
                .putShort((short) 16)
                .put("data".getBytes(UTF_8))
                .putInt(noise.length)
                .put(noise)
                .array();
        var artist = person("artist", false);
        var path = song(upload(artist, contest(1, ""), "a.wav", large)) + "/audio";

        assertThat(artist.get(path).body()).isEqualTo(large);
        var part = artist.get(path, "Range", "bytes=1000-500999");
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.header("Content-Length")).isEqualTo("500000");
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(large, 1000, 501_000));
    }

    @Test
    void drawsTheWaveformOnce() {
        var artist = person("artist", false);
        var song = song(upload(artist, contest(1, ""), "a.wav", audio("tone.wav")));

        var drawn = artist.get(song + "/waveform");

        assertThat(drawn.status()).as(drawn.text()).isEqualTo(200);
        assertThat(drawn.json().path("duration_seconds").asDouble()).isGreaterThan(1);
        assertThat(drawn.json().path("peaks").size()).isEqualTo(256);
        assertThat(kept()).anyMatch(file -> file.endsWith(".peaks.json"));
        assertThat(artist.get(song + "/waveform").body()).isEqualTo(drawn.body());
        var link = song(artist.post(songs(contest(1, "")), linkJson("x")));
        assertThat(artist.get(link + "/waveform").code()).isEqualTo("no_waveform");
    }

    // Looking around

    @Test
    void listsTheApprovedSongsOfAContestInEveryOrderPageByPage() {
        var artist = person("artist", false);
        var contest = contest(20, "");
        var titles = List.of("Delta", "alpha", "Échos", "Beta 100%", "gamma_ray", "Beta");
        for (var title : titles) {
            owner.post(song(artist.post(songs(contest), linkJson(title))) + "/approval");
        }
        artist.post(songs(contest), linkJson("waits"));

        for (var sort : List.of("newest", "title", "votes", "random")) {
            assertThat(walk(contest, "sort=" + sort)).as(sort).containsExactlyInAnyOrderElementsOf(titles);
        }
        assertThat(walk(contest, "sort=newest")).first().isEqualTo("Beta");
        assertThat(walk(contest, "sort=title")).startsWith("alpha", "Beta", "Beta 100%", "Delta");
        assertThat(walk(contest, "q=beta")).containsExactlyInAnyOrder("Beta", "Beta 100%");
        assertThat(walk(contest, "q=%25")).containsExactly("Beta 100%");
        assertThat(walk(contest, "q=_")).containsExactly("gamma_ray");
        assertThat(walk(contest, "q=%5C")).isEmpty();
        assertThat(visitor.get(songs(contest) + "?sort=loudest").status()).isEqualTo(422);
        assertThat(visitor.get(songs(contest) + "?q=%00").status()).isEqualTo(422);
        assertThat(visitor.get(songs(contest) + "?cursor=nonsense").status()).isEqualTo(422);
        assertThat(visitor.get(songs(contest) + "?limit=0").status()).isEqualTo(422);
    }

    /// The leaderboard may be a moment old, but what nobody has voted for needs none to know its place.
    @Test
    void putsASongAmongThoseWithoutVotesAtOnce() {
        var artist = person("artist", false);
        var contest = contest(20, "");
        for (var title : List.of("Delta", "Beta", "alpha")) {
            owner.post(song(artist.post(songs(contest), linkJson(title))) + "/approval");

            walk(contest, "sort=votes");
        }
        assertThat(walk(contest, "sort=votes")).containsExactly("alpha", "Beta", "Delta");
        owner.post(song(artist.post(songs(contest), linkJson("Aaa"))) + "/approval");

        assertThat(walk(contest, "sort=votes")).containsExactly("Aaa", "alpha", "Beta", "Delta");
    }

    private static List<String> walk(long contest, String query) {
        var titles = new ArrayList<String>();
        @Nullable String cursor = "";
        while (cursor != null) {
            var page = visitor.get(
                    songs(contest) + "?limit=2&" + query + (cursor.isEmpty() ? "" : "&cursor=" + cursor),
                    "Cookie",
                    "seed=0123-abcd");
            assertThat(page.status()).as(page.text()).isEqualTo(200);
            page.json()
                    .path("items")
                    .forEach(song -> titles.add(song.path("title").asString()));
            var next = page.json().path("next_cursor");
            cursor = next.isNull() ? null : next.asString();
        }
        return titles;
    }

    @Test
    void keepsTheQueueForMembersWithTheLongestWaitingFirst() {
        var artist = person("artist", false);
        var contest = contest(3, "");
        var first = song(artist.post(songs(contest), linkJson("first")));
        var second = song(artist.post(songs(contest), linkJson("second")));

        assertThat(visitor.get("/api/v1/clients/here/songs").status()).isEqualTo(401);
        assertThat(stranger.get("/api/v1/clients/here/songs").status()).isEqualTo(403);
        assertThat(owner.get("/api/v1/clients/nowhere/songs").status()).isEqualTo(404);
        assertThat(owner.get("/api/v1/clients/here/songs?status=odd").status()).isEqualTo(422);
        var waiting = owner.get("/api/v1/clients/here/songs?limit=200").text();
        assertThat(waiting.indexOf("\"first\"")).isPositive().isLessThan(waiting.indexOf("\"second\""));
        owner.post(first + "/approval");
        owner.post(second + "/rejection", "{\"reason\": \"no\"}");
        assertThat(owner.get("/api/v1/clients/here/songs?status=rejected&limit=1")
                        .json()
                        .path("items")
                        .path(0)
                        .path("title")
                        .asString())
                .isEqualTo("second");
    }

    // Pages

    @Test
    void leadsAnArtistAndAModeratorThroughThePages() {
        var artist = person("artist", false);
        var contest = contest(1, "");
        var form = "/contests/%d/submit".formatted(contest);

        assertThat(visitor.get(form, "Accept", "text/html").header("Location")).startsWith("/sign-in?next=");
        assertThat(artist.get(form, "Accept", "text/html").text())
                .contains("enctype=\"multipart/form-data\"")
                .contains(Rights.NOW.text());
        var wrong = artist.send(
                "POST",
                form,
                new Multipart()
                        .field("source", "file")
                        .field("title", "<script>alert(1)</script>")
                        .field("genre", "Folk")
                        .file("file", "a.mp3", audio("page.html")));
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.text())
                .contains("&lt;script>")
                .contains("value=\"Folk\"")
                .contains("web page")
                .contains("artist name is required");
        var sent = artist.send("POST", form, fields().field("source", "file").file("file", "a.mp3", audio("tone.mp3")));
        assertThat(sent.status()).as(sent.text()).isEqualTo(303);
        var page = sent.header("Location");
        assertThat(artist.get(page).text()).contains("Waiting for review");
        assertThat(artist.get(form).text()).contains("You have entered all the songs you may");
        assertThat(visitor.get(page).status()).isEqualTo(404);
        assertThat(artist.get("/me/songs").text()).contains(page);
        assertThat(owner.get("/clients/here/queue").text()).contains(page + "/approval");
        assertThat(stranger.get("/clients/here/queue").status()).isEqualTo(403);

        var noReason = owner.send(
                "POST",
                page + "/rejection",
                "reason=".getBytes(UTF_8),
                "Content-Type",
                "application/x-www-form-urlencoded");
        assertThat(noReason.status()).isEqualTo(422);
        assertThat(noReason.text()).contains("A reason is required");
        assertThat(owner.send(
                                "POST",
                                page + "/rejection",
                                "reason=too+quiet".getBytes(UTF_8),
                                "Content-Type",
                                "application/x-www-form-urlencoded")
                        .status())
                .isEqualTo(303);
        assertThat(artist.get(page).text()).contains("too quiet").contains(page + "/fix");
        assertThat(artist.get(page + "/fix").text())
                .contains("Fix and resubmit")
                .contains("too quiet");
        var fixed = artist.send("POST", page + "/fix", fields().field("source", "file"));
        assertThat(fixed.status()).as(fixed.text()).isEqualTo(303);
        assertThat(owner.post(page + "/approval").status()).isEqualTo(303);
        assertThat(visitor.get(page).text()).contains("Nachtmusik").contains("/audio");
        assertThat(artist.get(page + "/fix").status()).isEqualTo(409);
        for (var status : List.of("pending", "approved", "rejected", "withdrawn")) {
            assertThat(owner.get("/clients/here/queue?status=" + status).status())
                    .isEqualTo(200);
        }
        assertThat(artist.post(page + "/withdrawal").status()).isEqualTo(303);
        assertThat(visitor.get(page).status()).isEqualTo(404);
        assertThat(artist.get(page).text()).contains("Withdrawn");
    }
}
