package rocks.urvote.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `bench/overload`: what is left of the useful work when three times as much is asked for as can be done, and when
/// some are slow on purpose. `bench/README.md` says how to read it.
final class Overload {

    private static final int AT_ONCE = 64;
    private static final int CROWD = 3000;
    private static final int SLOW = 500;
    private static final int VOTERS = 100_000;
    private static final double TIMES = 3;

    private final Node node;
    private final Stock stock;
    private final List<String> tokens;
    private final double seconds;
    private final List<Row> rows = new ArrayList<>();

    private record Row(String what, OpenLoop.Outcome outcome, double toPeak) {}

    private Overload(Node node, Stock stock, List<String> tokens, double seconds) {
        this.node = node;
        this.stock = stock;
        this.tokens = tokens;
        this.seconds = seconds;
    }

    /// Seconds of each measurement, seconds of warm-up, and on which processors UrVote and its database run.
    static void main(String[] arguments) throws Exception {
        var folder = Files.createTempDirectory("urvote-overload");
        try (var node = Node.in(
                        folder, Path.of("target/urvote.jar"), Map.of("URVOTE_CONNECTIONS_PER_ADDRESS", "1000000"))
                .withUsualMemory()
                .onProcessors(arguments[2])
                .start()) {
            var stock = new Stock(node.databaseUrl());
            stock.people(VOTERS, folder.resolve("tokens"));
            var overload = new Overload(
                    node, stock, Files.readAllLines(folder.resolve("tokens")), Double.parseDouble(arguments[0]));
            overload.warmUp(Double.parseDouble(arguments[1]));
            overload.measure("votes", overload::votes);
            overload.measure("a mix: 3 votes, 4 leaderboards, 2 lists of songs, 1 page", overload::mix);
            overload.report();
        } finally {
            try (var files = Files.walk(folder)) {
                files.sorted(java.util.Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
        System.exit(0);
    }

    private interface Kind {

        OpenLoop.Requests in(Stock.Contest contest);
    }

    private void warmUp(double length) throws IOException {
        OpenLoop.closed(node.address(), AT_ONCE, length, votes(stock.contest(10)));
        OpenLoop.closed(node.address(), AT_ONCE, length / 2, mix(stock.contest(10)));
        OpenLoop.open(node.address(), CROWD, 30_000, 3, votes(stock.contest(10)));
    }

    private void measure(String what, Kind kind) throws Exception {
        var peak = run(
                "%s: as fast as %d connections take them".formatted(what, AT_ONCE),
                0,
                contest -> OpenLoop.closed(node.address(), AT_ONCE, seconds, kind.in(contest)));
        var offered = TIMES * peak;
        run(
                "%s: three times that, %.0f a second".formatted(what, offered),
                peak,
                contest -> OpenLoop.open(node.address(), CROWD, offered, seconds, kind.in(contest)));
        var contest = stock.contest(10);
        try (var slow = new SlowOnes(node.address(), SLOW, contest.id(), longSong(contest), tokens.getFirst())) {
            Wait.until("the slow ones are there", Duration.ofSeconds(10), () -> slow.present() >= SLOW * 9 / 10);
            run(
                    "%s: the peak again beside %d slow ones".formatted(what, SLOW),
                    peak,
                    again -> OpenLoop.closed(node.address(), AT_ONCE, seconds, kind.in(again)));
            run(
                    "%s: three times that beside %d slow ones".formatted(what, SLOW),
                    peak,
                    again -> OpenLoop.open(node.address(), CROWD, offered, seconds, kind.in(again)));
            IO.println("  %d slow ones are there, %d were hung up on".formatted(slow.present(), slow.hungUp()));
        }
    }

    private interface Load {

        OpenLoop.Outcome on(Stock.Contest contest) throws IOException;
    }

    private double run(String what, double peak, Load load) throws IOException {
        var contest = stock.contest(10);
        var outcome = load.on(contest);
        Wait.pause(Duration.ofSeconds(1));
        var stored = stock.number("select count(*) from contest.votes where contest_id = " + contest.id());
        var tallied = stock.number("""
            select coalesce(sum(n), 0)::bigint
              from contest.song_tallies t join contest.songs s on s.id = t.song_id
             where s.contest_id = %d
            """.formatted(contest.id()));
        var acknowledged = outcome.statuses().getOrDefault(201, 0L);
        if (tallied != stored || stored < acknowledged) {
            throw new IllegalStateException("%d votes were acknowledged, %d are there, %d are tallied"
                    .formatted(acknowledged, stored, tallied));
        }
        var row = new Row(what, outcome, peak == 0 ? 1 : outcome.usefulPerSecond() / peak);
        rows.add(row);
        IO.println("%-70s %,8.0f /s  %.2f  %s"
                .formatted(what, outcome.usefulPerSecond(), row.toPeak(), outcome.statuses()));
        return outcome.usefulPerSecond();
    }

    private OpenLoop.Requests votes(Stock.Contest contest) {
        return n -> vote(contest, n);
    }

    private byte[] vote(Stock.Contest contest, long n) {
        int voter = (int) (n % tokens.size());
        long song = contest.firstSong() + (voter * 7L + n / tokens.size() * 13) % Stock.SONGS;
        return "POST /api/v1/songs/%d/votes HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Length: 0\r\n\r\n"
                .replace("%d", Long.toString(song))
                .replace("%s", tokens.get(voter))
                .getBytes(ISO_8859_1);
    }

    /// As at a contest's end: most look, and some vote.
    private OpenLoop.Requests mix(Stock.Contest contest) {
        var board = get("/api/v1/contests/%d/leaderboard?limit=20".formatted(contest.id()), "*/*");
        var list = get("/api/v1/contests/%d/songs?sort=newest&limit=20".formatted(contest.id()), "application/json");
        var page = get("/contests/" + contest.id(), "text/html");
        return n -> switch ((int) (n % 10)) {
            case 0, 3, 6 -> vote(contest, n / 10 * 3 + n % 10 / 3);
            case 1, 4, 7, 9 -> board;
            case 2, 5 -> list;
            default -> page;
        };
    }

    private static byte[] get(String path, String accept) {
        return "GET %s HTTP/1.1\r\nHost: localhost\r\nAccept: %s\r\n\r\n"
                .formatted(path, accept)
                .getBytes(ISO_8859_1);
    }

    /// A song of 20 MB, by the first of the voters.
    private long longSong(Stock.Contest contest) throws IOException, InterruptedException {
        int bytes = 20 << 20;
        var wav = ByteBuffer.allocate(44 + bytes).order(ByteOrder.LITTLE_ENDIAN);
        wav.put("RIFF".getBytes(UTF_8)).putInt(36 + bytes).put("WAVEfmt ".getBytes(UTF_8));
        wav.putInt(16).putShort((short) 1).putShort((short) 1).putInt(44_100).putInt(88_200);
        wav.putShort((short) 2).putShort((short) 16).put("data".getBytes(UTF_8)).putInt(bytes);
        var form = new StringBuilder();
        Map.of(
                        "title",
                        "Long",
                        "artist_name",
                        "Ann",
                        "ai_tools_used",
                        "none",
                        "license_type",
                        "cc0",
                        "rights_declared",
                        "true")
                .forEach((name, value) -> form.append(
                        "--b\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n".formatted(name, value)));
        form.append("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"long.wav\"\r\n\r\n");
        var body = ByteBuffer.allocate(form.length() + wav.capacity() + 9);
        body.put(form.toString().getBytes(ISO_8859_1)).put(wav.array()).put("\r\n--b--\r\n".getBytes(ISO_8859_1));
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(
                    HttpRequest.newBuilder(node.address().resolve("/api/v1/contests/%d/songs".formatted(contest.id())))
                            .header("Authorization", "Bearer " + tokens.getFirst())
                            .header("Content-Type", "multipart/form-data; boundary=b")
                            .POST(BodyPublishers.ofByteArray(body.array()))
                            .build(),
                    BodyHandlers.ofString());
            if (answer.statusCode() != 201) {
                throw new IllegalStateException("The long song was not taken: " + answer.body());
            }
            return Long.parseLong(answer.body().replaceAll("(?s).*?\"id\":(\\d+).*", "$1"));
        }
    }

    private void report() throws IOException {
        var text = new StringBuilder("""
            # Results of bench/overload
            What it does and how to read it: [README](../README.md). Times in milliseconds, from when a request was due.

            | what | useful a second | to the peak | p50 | p99 | refused | their p50 | their p99 | without Retry-After | given up by their senders | broken |
            |---|---|---|---|---|---|---|---|---|---|---|
            """);
        for (var row : rows) {
            var outcome = row.outcome();
            text.append("| %s | %,.0f | %.2f | %.0f | %.0f | %,d | %.0f | %.0f | %d | %,d | %d |\n"
                    .formatted(
                            row.what(),
                            outcome.usefulPerSecond(),
                            row.toPeak(),
                            outcome.usefulP50(),
                            outcome.usefulP99(),
                            outcome.refused(),
                            outcome.refusedP50(),
                            outcome.refusedP99(),
                            outcome.withoutRetryAfter(),
                            outcome.givenUp(),
                            outcome.broken()));
        }
        Files.writeString(Path.of("bench/results/overload.md"), text);
        IO.println(text.toString());
    }
}
