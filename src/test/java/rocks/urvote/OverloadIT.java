package rocks.urvote;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rocks.urvote.songs.SongId;
import rocks.urvote.testkit.Api;
import rocks.urvote.testkit.Api.Answer;
import rocks.urvote.testkit.Multipart;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;

/// Those who send too much, too slowly, too many at a time, or do not read what they asked for: they are told so where
/// the connection permits it, and nobody else is the worse for it.
@SuppressWarnings("StringConcatToTextBlock") // lines of HTTP end in \r\n
class OverloadIT {

    private static final int MANY = 500;

    static RunningUrVote urvote;
    static RunningUrVote small;
    static Stage stage;

    @BeforeAll
    static void start() {
        urvote = RunningUrVote.start(Map.of(
                "URVOTE_REQUEST_PATIENCE", "2s",
                "URVOTE_CONNECTIONS_PER_ADDRESS", "600",
                "URVOTE_POOL_MAX", "30",
                "URVOTE_STREAMS", "550"));
        stage = new Stage(urvote);
        small = RunningUrVote.start(Map.of(
                "URVOTE_DATABASE_URL", urvote.databaseUrl(),
                "URVOTE_REQUESTS_AT_ONCE", "25",
                "URVOTE_POOL_MAX", "1"));
    }

    @AfterAll
    static void stop() {
        small.close();
        urvote.close();
    }

    static Stream<List<String>> tooLong() {
        return Stream.of(
                List.of("GET /%s HTTP/1.1\r\nHost: a\r\n\r\n".formatted("x".repeat(20_000)), "414", "address_too_long"),
                List.of(
                        "GET / HTTP/1.1\r\nHost: a\r\nX: %s\r\n\r\n".formatted("x".repeat(20_000)),
                        "431",
                        "headers_too_large"),
                List.of(
                        "GET / HTTP/1.1\r\nHost: a\r\n%s\r\n".formatted("X: y\r\n".repeat(150)),
                        "431",
                        "headers_too_large"),
                List.of(
                        "POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n",
                        "413",
                        "too_large"),
                List.of(
                        "POST /api/v1/sessions/refresh HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/x\r\n"
                                + "Content-Length: 2000000\r\n\r\n",
                        "413",
                        "too_large"),
                List.of(
                        "POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                                + "Transfer-Encoding: chunked\r\n\r\n"
                                + "10000\r\n%s\r\n"
                                        .formatted(" ".repeat(65_536))
                                        .repeat(20)
                                + "0\r\n\r\n",
                        "413",
                        "too_large"));
    }

    @ParameterizedTest
    @MethodSource("tooLong")
    void whatIsTooLongIsAnswered(List<String> request) throws IOException {
        try (var line = new Line(1)) {
            line.send(request.get(0));

            assertThat(line.answer())
                    .startsWith("HTTP/1.1 %s ".formatted(request.get(1)))
                    .contains(
                            "application/problem+json", "X-Request-Id: ", "\"code\":\"%s\"".formatted(request.get(2)));
        }
    }

    static Stream<List<String>> tooSlow() {
        return Stream.of(
                List.of("GET / HTTP/1.1\r\nHost: a\r\nX: ", "x"),
                List.of(
                        "POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                                + "Content-Length: 1000\r\n\r\n",
                        "x"),
                List.of(
                        "POST /sign-in/password HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n"
                                + "Content-Type: application/x-www-form-urlencoded\r\n\r\n",
                        "x"),
                List.of(
                        "POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                                + "Content-Length: 1000\r\n\r\n",
                        ""));
    }

    @ParameterizedTest
    @MethodSource("tooSlow")
    void whoTakesTooLongIsToldSo(List<String> request) throws Exception {
        try (var line = new Line(2)) {
            line.send(request.getFirst());
            var more = Thread.ofVirtual().start(() -> line.trickle(request.getLast()));

            assertThat(line.answer()).startsWith("HTTP/1.1 408 ").containsIgnoringCase("took too long to arrive");
            more.interrupt();
        }
    }

    @Test
    void oneAddressGetsItsShareOfConnections() throws Exception {
        var crowd = lines(600, _ -> 3);
        try (var oneMore = new Line(3);
                var another = new Line(4)) {
            oneMore.send("GET /api/v1/clients HTTP/1.1\r\nHost: a\r\n\r\n");
            another.send("GET /api/v1/clients HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(oneMore.firstWords()).isIn("HTTP/1.1 429 ", "");
            assertThat(another.answer()).startsWith("HTTP/1.1 200 ");
        } finally {
            hangUp(crowd);
        }
        await().untilAsserted(() -> {
            try (var again = new Line(3)) {
                again.send("GET /api/v1/clients HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                assertThat(again.answer()).startsWith("HTTP/1.1 200 ");
            }
        });
    }

    @Test
    void fiveHundredSlowOnesOfEachKindDoNoHarm() throws Exception {
        var contest = stage.contest(Stage.votesPerDay(1000));
        var songs = IntStream.range(0, 5)
                .mapToObj(n -> stage.song(contest, "Wanted " + n))
                .toList();
        var voters = IntStream.range(0, 10).mapToObj(_ -> stage.voter()).toList();
        var audio = "GET /api/v1/songs/%d/audio HTTP/1.1\r\nHost: a\r\n\r\n"
                .formatted(longSong(contest.value()).value());
        var stream =
                "GET /api/v1/contests/%d/leaderboard/stream HTTP/1.1\r\nHost: a\r\n\r\n".formatted(contest.value());
        var token = stage.voter().token();
        var kinds = List.of(
                stream,
                audio,
                "POST /api/v1/songs/%d/votes HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\nContent-Length: 500\r\n\r\n"
                        .formatted(songs.getFirst().value(), token),
                "POST /api/v1/songs/1/votes HTTP/1.1\r\nHost: a\r\nX: ");
        everyoneVotesFor(songs.getFirst(), voters);
        var crowd = new ArrayList<Line>();
        try {
            for (int kind = 0; kind < kinds.size(); kind++) {
                int of = kind;
                for (var line : lines(MANY, _ -> 10 + of)) {
                    crowd.add(line);
                    line.send(kinds.get(kind));
                }
                await().atMost(Duration.ofMinutes(1)).until(() -> metric("urvote_streams") == MANY);
            }

            // While heads and bodies still arrive, and after they were told to end.
            for (int round = 1; round < 5; round++) {
                everyoneVotesFor(songs.get(round), voters);
                Thread.sleep(Duration.ofSeconds(1));
            }
            assertThat(crowd.get(0).firstWords()).isEqualTo("HTTP/1.1 200 ");
            assertThat(crowd.get(2 * MANY).firstWords()).isIn("HTTP/1.1 408 ", "HTTP/1.1 429 ", "HTTP/1.1 503 ");
            // The server itself ends a silent one, without a word, where it comes first.
            assertThat(crowd.get(3 * MANY).firstWords()).isIn("HTTP/1.1 408 ", "");
        } finally {
            hangUp(crowd);
        }
    }

    @Test
    void whoComesToAFullHouseIsToldAtOnceAndMayAskAgain() throws Exception {
        var contest = stage.contest(Stage.votesPerDay(1000));
        var song = stage.song(contest, "Crowded");
        var vote = "/api/v1/songs/%d/votes".formatted(song.value());
        var crowd =
                IntStream.range(0, 25).mapToObj(_ -> stage.voter().at(small)).toList();
        var late = stage.voter().at(small);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var lock = stage.connection()) {
            lock.setAutoCommit(false);
            lock.createStatement().execute("lock table contest.ballots in access exclusive mode");
            var waiting = crowd.stream()
                    .map(voter -> CompletableFuture.supplyAsync(() -> voter.post(vote), threads))
                    .toList();
            await().until(() -> metric(small, "urvote_requests_inside") >= 25);

            try (var line = new Line(small, 20)) {
                line.send("POST %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\nContent-Length: 0\r\n\r\n"
                        .formatted(vote, late.token()));
                assertThat(line.oneAnswer())
                        .startsWith("HTTP/1.1 503 ")
                        .contains("Retry-After: 1\r\n", "X-Request-Id: ", "\"code\":\"busy\"");

                line.send("GET / HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\n\r\n");
                assertThat(line.oneAnswer()).startsWith("HTTP/1.1 503 ").contains("<h1>UrVote is busy</h1>");

                line.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(line.head()).startsWith("HTTP/1.1 503 ");
            }
            try (var line = new Line(small, 20)) {
                // A body that is still on its way is refused inside.
                line.send("POST %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\nContent-Length: 2\r\n\r\n"
                        .formatted(vote, late.token()));
                line.send("{}");
                assertThat(line.oneAnswer()).startsWith("HTTP/1.1 503 ").contains("\"code\":\"busy\"");
            }
            lock.rollback();
            assertThat(waiting)
                    .extracting(CompletableFuture::join)
                    .allSatisfy(answer -> assertThat(answer.status()).isEqualTo(201));
        }
        await().untilAsserted(() ->
                assertThat(metric(small, "urvote_requests_inside")).isZero());
        assertThat(metric(small, "urvote_requests_refused_total")).isGreaterThanOrEqualTo(3);
        assertThat(late.post(vote).status()).isEqualTo(201);
    }

    @Test
    void whoFindsTheWaitingRoomOfTheDatabaseFullIsToldAtOnce() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var _ = small.bean(DataSource.class).getConnection()) {
            var visitor = Api.visitor(small);
            var waiting = IntStream.range(0, 20)
                    .mapToObj(_ -> CompletableFuture.supplyAsync(() -> visitor.get("/api/v1/clients"), threads))
                    .toList();
            await().until(() -> metric(small, "hikaricp_connections_pending{pool=\"urvote\"}") >= 20);

            var oneMore = visitor.get("/api/v1/clients");

            assertThat(waiting).anyMatch(one -> !one.isDone());
            assertThat(oneMore.status()).isEqualTo(503);
            assertThat(oneMore.code()).isEqualTo("busy");
            assertThat(oneMore.header("Retry-After")).isNotEmpty();
            assertThat(waiting)
                    .extracting(CompletableFuture::join)
                    .extracting(Answer::status)
                    .containsOnly(503);
        }
    }

    @Test
    void nobodySitsDownToWaitWhileThoseBeforeHaveWaitedTooLong() throws Exception {
        var pool = small.bean(DataSource.class);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = pool.getConnection();
            var second = threads.submit(() -> sometime(pool));
            awaitSomebodyWhoWaits();
            // Two seconds are too long, and the second of them has waited for that.
            await().pollDelay(Duration.ofMillis(2100)).until(() -> true);
            first.close();
            try (var _ = second.get()) {
                var third = threads.submit(() -> sometime(pool));
                awaitSomebodyWhoWaits();

                assertThatThrownBy(pool::getConnection).hasMessageContaining("Too many wait");
                assertThat(Api.visitor(small).get("/api/v1/clients").code()).isEqualTo("busy");

                second.get().close();
                third.get().close();
            }
            assertThat(Api.visitor(small).get("/api/v1/clients").status()).isEqualTo(200);
        }
    }

    /// Whoever else waits just now, a chore perhaps, may keep it out for a moment.
    private static Connection sometime(DataSource pool) throws SQLException, InterruptedException {
        while (true) {
            try {
                return pool.getConnection();
            } catch (SQLTransientConnectionException e) {
                Thread.sleep(Duration.ofMillis(10));
            }
        }
    }

    private static void awaitSomebodyWhoWaits() {
        await().until(() -> metric(small, "hikaricp_connections_pending{pool=\"urvote\"}") >= 1);
    }

    @Test
    void onePersonSendsThreeSongsAtATime() throws Exception {
        var contest = stage.contest();
        var artist = stage.voter();
        var form = song("Slow", 3 << 20);
        var lines = lines(3, _ -> 30);
        try {
            for (var line : lines) {
                line.send("POST /api/v1/contests/%d/songs HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n"
                                .formatted(contest.value(), artist.token())
                        + "Content-Type: %s\r\nContent-Length: %d\r\n\r\n"
                                .formatted(form.contentType(), form.bytes().length));
                line.send(new String(form.bytes(), 0, 100_000, ISO_8859_1));
            }

            await().until(() -> arriving() == 3);

            var fourth = artist.send(
                    "POST", "/api/v1/contests/%d/songs".formatted(contest.value()), song("Fourth", 1 << 10));
            assertThat(fourth.status()).as(fourth.text()).isEqualTo(429);
            assertThat(fourth.header("Retry-After")).isEqualTo("10");
        } finally {
            hangUp(lines);
        }
        await().untilAsserted(() -> assertThat(artist.send(
                                "POST", "/api/v1/contests/%d/songs".formatted(contest.value()), song("Alone", 1 << 18))
                        .status())
                .isEqualTo(201));
    }

    private static void everyoneVotesFor(SongId song, List<Api> voters) {
        assertThat(voters)
                .extracting(voter -> voter.post("/api/v1/songs/%d/votes".formatted(song.value()))
                        .status())
                .containsOnly(201);
    }

    /// Larger than whatever the system keeps for a reader who does not read.
    private static SongId longSong(long contest) {
        var artist = stage.voter();
        var submitted = artist.send("POST", "/api/v1/contests/%d/songs".formatted(contest), song("Long", 8 << 20));
        assertThat(submitted.status()).as(submitted.text()).isEqualTo(201);
        var id = submitted.json().path("id").asLong();
        assertThat(stage.owner().post("/api/v1/songs/%d/approval".formatted(id)).status())
                .isEqualTo(200);
        return new SongId(id);
    }

    /// Silence, in the form of a WAV file.
    private static Multipart song(String title, int bytes) {
        var wav = ByteBuffer.allocate(44 + bytes).order(ByteOrder.LITTLE_ENDIAN);
        wav.put("RIFF".getBytes(UTF_8)).putInt(36 + bytes).put("WAVEfmt ".getBytes(UTF_8));
        wav.putInt(16).putShort((short) 1).putShort((short) 1).putInt(44_100).putInt(88_200);
        wav.putShort((short) 2).putShort((short) 16).put("data".getBytes(UTF_8)).putInt(bytes);
        wav.putInt(title.hashCode());
        return new Multipart()
                .field("title", title)
                .field("artist_name", "Ann Onym")
                .field("ai_tools_used", "none")
                .field("license_type", "cc0")
                .field("rights_declared", "true")
                .file("file", "silence.wav", wav.array());
    }

    private static long arriving() throws IOException {
        try (var files = Files.list(urvote.dataDir().resolve("uploads/temp"))) {
            return files.count();
        }
    }

    private static double metric(String name) {
        return metric(urvote, name);
    }

    private static double metric(RunningUrVote node, String name) {
        return Api.visitor(node)
                .atManagement(node)
                .get("/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .findFirst()
                .orElseThrow();
    }

    private static List<Line> lines(int many, IntFunction<Integer> from) throws IOException {
        var lines = new ArrayList<Line>();
        for (int line = 0; line < many; line++) {
            lines.add(new Line(from.apply(line)));
        }
        return lines;
    }

    private static void hangUp(List<Line> lines) throws IOException {
        for (var line : lines) {
            line.close();
        }
    }

    /// A connection from 127.0.0.`from`, whose system keeps as little as it may for who does not read.
    private static final class Line implements AutoCloseable {

        private final Socket socket = new Socket();

        private Line(int from) throws IOException {
            this(urvote, from);
        }

        private Line(RunningUrVote node, int from) throws IOException {
            socket.setReceiveBufferSize(4096);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0." + from), 0));
            socket.connect(
                    new InetSocketAddress(
                            InetAddress.getLoopbackAddress(), node.address().getPort()),
                    5000);
            socket.setSoTimeout(10_000);
        }

        private void send(String text) throws IOException {
            try {
                socket.getOutputStream().write(text.getBytes(ISO_8859_1));
            } catch (SocketException e) {
                // Refused while it was being sent; the answer may still be there.
            }
        }

        private void trickle(String text) {
            try {
                while (!text.isEmpty()) {
                    Thread.sleep(Duration.ofMillis(300));
                    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
                }
            } catch (IOException | InterruptedException e) {
                // That was to be.
            }
        }

        /// Until the connection ends.
        private String answer() throws IOException {
            var bytes = new java.io.ByteArrayOutputStream();
            try {
                socket.getInputStream().transferTo(bytes);
            } catch (SocketException e) {
                // Reset, after what was said.
            }
            return bytes.toString(UTF_8);
        }

        private String head() throws IOException {
            var text = new StringBuilder();
            while (text.indexOf("\r\n\r\n") < 0) {
                text.append((char) byteRead());
            }
            return text.toString();
        }

        /// One answer with a length, after which the connection goes on.
        private String oneAnswer() throws IOException {
            var text = new StringBuilder(head());
            var length = text.toString().replaceAll("(?s).*Content-Length: (\\d+)\r\n.*", "$1");
            for (int left = Integer.parseInt(length); left > 0; left--) {
                text.append((char) byteRead());
            }
            return text.toString();
        }

        private int byteRead() throws IOException {
            int read = socket.getInputStream().read();
            if (read < 0) {
                throw new IOException("The connection ended");
            }
            return read;
        }

        private String firstWords() throws IOException {
            try {
                return new String(socket.getInputStream().readNBytes("HTTP/1.1 200 ".length()), UTF_8);
            } catch (SocketException e) {
                return "";
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
