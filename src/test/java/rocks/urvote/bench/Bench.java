package rocks.urvote.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import rocks.urvote.bench.Results.Measured;

/// What a vote and a leaderboard cost, measured beside the limits of the machine in one run. `bench/README.md` says how
/// to read it.
public final class Bench implements AutoCloseable {

    private static final Path LIB = Path.of("bench/lib");
    private static final Path SQL = Path.of("bench/sql");
    private static final int SHARE_OF_OTHERS = 5;

    /// Until each of pgbench's 64 connections has made its plan for good, which takes it six votes; these do not count.
    private static final int PLANNING_SECONDS = 10;

    private final Options options;
    private final Path folder;
    private final Results results = new Results();
    private final Node node;
    private final HttpClient http = HttpClient.newHttpClient();
    private Stock stock;
    private Path tokens;

    private record Options(
            List<String> only, int seconds, int warmUp, int rounds, int voters, int largest, Path results) {

        boolean wants(String phase) {
            return only.isEmpty() || only.contains(phase);
        }
    }

    public static void main(String[] arguments) throws Exception {
        var options = options(List.of(arguments));
        try (var bench = new Bench(options)) {
            bench.run();
        }
    }

    private static Options options(List<String> words) {
        var quick = words.contains("--quick");
        return new Options(
                value(words, "--only").map(only -> List.of(only.split(",", 0))).orElse(List.of()),
                value(words, "--seconds").map(Integer::parseInt).orElse(quick ? 4 : 15),
                value(words, "--warm-up").map(Integer::parseInt).orElse(quick ? 5 : 60),
                value(words, "--rounds").map(Integer::parseInt).orElse(quick ? 1 : 3),
                quick ? 20_000 : 200_000,
                value(words, "--largest").map(Integer::parseInt).orElse(quick ? 100_000 : 10_000_000),
                Path.of(value(words, "--results").orElse("bench/results")));
    }

    private static java.util.Optional<String> value(List<String> words, String name) {
        var at = words.indexOf(name);
        return at < 0 || at + 1 == words.size() ? java.util.Optional.empty() : java.util.Optional.of(words.get(at + 1));
    }

    private Bench(Options options) throws IOException {
        this.options = options;
        this.folder = Files.createTempDirectory("urvote-bench");
        Runtime.getRuntime().addShutdownHook(new Thread(this::leaveNothing, "leave no folder"));
        this.node = Node.in(folder, Path.of("target/urvote.jar"), Map.of("URVOTE_POOL_MAX", "20"))
                .withUsualMemory();
    }

    private void run() throws Exception {
        start();
        if (options.wants("votes") || options.wants("reads") || options.wants("growth") || options.wants("profile")) {
            prepare();
            warmUp();
        }
        for (var round = 1; round <= options.rounds(); round++) {
            say("Round %d of %d".formatted(round, options.rounds()));
            if (stock != null) {
                fill(100_000);
            }
            if (options.wants("votes")) {
                votes();
            }
            if (options.wants("reads")) {
                reads();
            }
            results.write(options.results());
        }
        if (options.wants("profile")) {
            profile();
            results.write(options.results());
        }
        if (options.wants("growth")) {
            growth();
        }
        results.write(options.results());
        say("The results are in %s".formatted(options.results()));
    }

    /// How long a first and a second start take, and what is resident then.
    private void start() throws Exception {
        var begun = System.nanoTime();
        node.start();
        results.fact("first start, s", seconds(begun));
        node.close();
        begun = System.nanoTime();
        node.start();
        results.fact("second start, s", seconds(begun));
        memory("after start");
    }

    private void memory(String when) {
        results.fact("memory %s, MB, UrVote".formatted(when), Machine.memory(List.of(node.pid())));
        results.fact("memory %s, MB, PostgreSQL".formatted(when), Machine.memory(postgres()));
    }

    private void prepare() throws IOException {
        say("Making %,d voters with tokens, and 100,000 votes of past days".formatted(options.voters()));
        stock = new Stock(node.databaseUrl());
        tokens = folder.resolve("tokens");
        stock.people(options.voters(), tokens);
        fill(100_000);
    }

    /// Exactly as many votes as that and no others, so that no round is beside the votes of those before it: in ten
    /// contests, on fifty days of a year.
    private List<Stock.Contest> fill(int votes) {
        stock.empty();
        var contests = new ArrayList<Stock.Contest>();
        for (var i = 0; i < 10; i++) {
            contests.add(stock.contest(10));
        }
        stock.fill(votes, votes / 50, contests, 7);
        return contests;
    }

    /// As many voters as are there, so that no token is new when it counts.
    private void warmUp() throws Exception {
        say("Warming up for %d s".formatted(options.warmUp()));
        for (long seen = 0, times = 0; seen < options.voters() && times < 5; times++) {
            seen = wrk(votes(stock.contest(10), 64, (int) ((times + 1) * options.warmUp()), "plain"))
                    .requests();
        }
        wrk(new Wrk(
                64, Math.max(2, options.warmUp() / 6), LIB.resolve("reads.lua"), board(stock.contest(10)), List.of()));
    }

    private void votes() throws Exception {
        measure("pgbench, one transaction a vote, 64 clients", contest -> pgbench(contest, 64));
        for (var connections : new int[] {64, 128, 256}) {
            measure(
                    "votes over HTTP, %d connections".formatted(connections),
                    contest -> wrk(votes(contest, connections, options.seconds(), "plain")));
        }
        measure(
                "votes over HTTP with a key, 64 connections",
                contest -> wrk(votes(contest, 64, options.seconds(), "bench-" + contest.id())));
        for (var connections : new int[] {1, 2}) {
            measure("the batch statement alone, %d connections".formatted(connections), contest -> {
                BatchLimit.run(node.databaseUrl(), stock, contest, connections, options.seconds());
                return null;
            });
        }
    }

    private interface Load {
        Wrk.Outcome on(Stock.Contest contest) throws Exception;
    }

    /// Votes that are in the table afterwards, a second; again where something else took too much of the machine.
    private void measure(String name, Load load) throws Exception {
        var quietest = new Quietest();
        do {
            var contest = stock.contest(name.startsWith("pgbench") ? 1000 : 10);
            // None pays for what the one before it has left.
            stock.run("vacuum (analyze)");
            stock.run("checkpoint");
            var before = used();
            var begun = System.nanoTime();
            var outcome = load.on(contest);
            // Connections that were closed are their server's by then.
            Thread.sleep(300);
            var elapsed = seconds(begun);
            var cpu = cpu(before, used(), elapsed);
            var stored = counted(contest);
            if (outcome != null && stored < outcome.requests() - outcome.refused()) {
                throw new IllegalStateException("%d votes were acknowledged, and only %d are there"
                        .formatted(outcome.requests() - outcome.refused(), stored));
            }
            var perSecond = rate(contest, name.startsWith("pgbench") ? PLANNING_SECONDS : 0);
            quietest.or(new Measured(name, perSecond, outcome, cpu, stored));
        } while (quietest.wantsAnother(true));
        results.add(quietest.measured());
    }

    /// Of several tries the one beside which least else took of the machine.
    private static final class Quietest {

        private @Nullable Measured best;
        private int tries;

        void or(Measured measured) {
            say("  %-50s %,9.0f /s  %s"
                    .formatted(
                            measured.name(),
                            measured.perSecond(),
                            measured.cpu().text()));
            tries++;
            if (best == null || measured.cpu().others() < best.cpu().others()) {
                best = measured;
            }
        }

        /// Not where others are at work by their nature.
        boolean wantsAnother(boolean alone) {
            return alone && tries < 3 && measured().cpu().others() > SHARE_OF_OTHERS;
        }

        Measured measured() {
            return Objects.requireNonNull(best);
        }
    }

    /// Rows in the table, which the tallies must equal: both seen at one moment, as the last votes are still coming in.
    private long counted(Stock.Contest contest) {
        var stored = "select count(*) from contest.votes where contest_id = " + contest.id();
        var difference = stock.number("""
            select (%s) - coalesce(sum(n), 0)::bigint
              from contest.song_tallies t join contest.songs s on s.id = t.song_id
             where s.contest_id = %d
            """.formatted(stored, contest.id()));
        if (difference != 0) {
            throw new IllegalStateException("The tallies differ from the votes by " + difference);
        }
        return stock.number(stored);
    }

    /// Votes a second from the first vote to the last, by the database's clock: connecting is nobody's vote. Those of
    /// the first seconds may be left out.
    private double rate(Stock.Contest contest, int without) {
        var millionths = stock.number("""
            with timed as (
                select created_at, min(created_at) over () + %d * interval '1 second' as since
                  from contest.votes
                 where contest_id = %d and vote_day >= current_date - 1
            )
            select coalesce(count(*) / nullif(extract(epoch from max(created_at) - min(since)), 0) * 1000000, 0)::bigint
              from timed
             where created_at > since
            """.formatted(without, contest.id()));
        return millionths / 1e6;
    }

    private Wrk votes(Stock.Contest contest, int connections, int seconds, String keys) {
        return new Wrk(
                connections,
                seconds,
                LIB.resolve("votes.lua"),
                node.address().toString(),
                List.of(tokens.toString(), Long.toString(contest.firstSong()), Integer.toString(Stock.SONGS), keys));
    }

    private Wrk.Outcome wrk(Wrk load) throws Exception {
        return load.run();
    }

    private Wrk.Outcome pgbench(Stock.Contest contest, int clients) throws Exception {
        var uri = URI.create(node.databaseUrl());
        var login = List.of(uri.getUserInfo().split(":", 2));
        var builder = new ProcessBuilder(
                        "pgbench",
                        "-n",
                        "-M",
                        "prepared",
                        "-c",
                        "" + clients,
                        "-j",
                        "1",
                        "-T",
                        "" + (PLANNING_SECONDS + options.seconds()),
                        "-f",
                        SQL.resolve("one-vote.sql").toString(),
                        "-D",
                        "first=" + contest.firstSong(),
                        "-D",
                        "songs=" + Stock.SONGS,
                        "-D",
                        "voter0=" + stock.firstVoter(),
                        "-D",
                        "voters=" + stock.voters(),
                        "-h",
                        uri.getHost(),
                        "-p",
                        "" + uri.getPort(),
                        "-U",
                        login.get(0),
                        uri.getPath().substring(1))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("pgbench.out").toFile());
        builder.environment().put("PGPASSWORD", login.get(1));
        builder.environment()
                .put("PGOPTIONS", "-c role=urvote_user -c urvote.role=ballot_box -c search_path=contest -c jit=off");
        if (builder.start().waitFor() != 0) {
            throw new IllegalStateException("pgbench failed: " + Files.readString(folder.resolve("pgbench.out")));
        }
        var output = Files.readString(folder.resolve("pgbench.out"));
        var latency = Pattern.compile("latency average = ([0-9.]+) ms").matcher(output);
        var millis = latency.find() ? Double.parseDouble(latency.group(1)) : 0;
        return new Wrk.Outcome(0, millis, 0, 0, 0, options.seconds());
    }

    /// Reads of the same bytes from UrVote and from nginx.
    private void reads() throws Exception {
        var contest = stock.contest(10);
        wrk(votes(contest, 64, 2, "plain"));
        var address = board(contest);
        Thread.sleep(Duration.ofSeconds(2));
        var answer = http.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofByteArray());
        try (var nginx = Nginx.serving(answer.body(), folder.resolve("nginx"))) {
            var file = nginx.address();
            var fileTag = http.send(HttpRequest.newBuilder(URI.create(file)).build(), BodyHandlers.discarding())
                    .headers()
                    .firstValue("ETag")
                    .orElseThrow();
            results.fact("bytes of the leaderboard", answer.body().length);
            read("nginx, a file of the leaderboard's bytes", file, List.of());
            read("leaderboard, full", address, List.of());
            read("nginx, 304", file, List.of(fileTag));
            read(
                    "leaderboard, 304",
                    address,
                    List.of(answer.headers().firstValue("ETag").orElseThrow()));
        }
        try (var threads = Executors.newSingleThreadExecutor()) {
            Callable<Wrk.Outcome> voting = () -> wrk(votes(contest, 4, options.seconds() + 1, "bench-" + contest.id()));
            var votes = threads.submit(voting);
            read("leaderboard, full, while 4 connections vote", address, List.of());
            votes.get();
        }
    }

    private String board(Stock.Contest contest) {
        return node.address() + "/api/v1/contests/" + contest.id() + "/leaderboard";
    }

    private void read(String name, String address, List<String> tag) throws Exception {
        var quietest = new Quietest();
        do {
            var before = used();
            var outcome = wrk(new Wrk(64, Math.max(3, options.seconds() / 2), LIB.resolve("reads.lua"), address, tag));
            var cpu = cpu(before, used(), outcome.seconds());
            quietest.or(new Measured(name, outcome.requests() / outcome.seconds(), outcome, cpu, outcome.requests()));
        } while (quietest.wantsAnother(!name.contains("vote") && !name.contains("nginx")));
        results.add(quietest.measured());
    }

    /// The same votes on tables that are ten times and a hundred times as large.
    private void growth() throws Exception {
        for (var size = 100_000; size <= options.largest(); size *= 10) {
            var contests = List.<Stock.Contest>of();
            for (var round = 1; round <= options.rounds(); round++) {
                // What a round adds to ten million is nothing beside them, and filling takes minutes.
                if (round == 1 || size < 10_000_000) {
                    say("Filling with %,d votes".formatted(size));
                    contests = fill(size);
                    results.sizes(size, stock.sizes());
                }
                measure(
                        "votes over HTTP, 64 connections, beside %,d votes".formatted(size),
                        contest -> wrk(votes(contest, 64, options.seconds(), "plain")));
                read("leaderboard, full, beside %,d votes".formatted(size), board(contests.getFirst()), List.of());
            }
        }
        memory("after load");
    }

    /// Where the time of UrVote and of PostgreSQL goes while 64 connections vote.
    private void profile() throws Exception {
        var contest = stock.contest(10);
        var recording = folder.resolve("votes.jfr");
        try (var threads = Executors.newSingleThreadExecutor()) {
            Callable<Wrk.Outcome> voting = () -> wrk(votes(contest, 64, options.seconds() + 4, "plain"));
            var votes = threads.submit(voting);
            Thread.sleep(Duration.ofSeconds(2));
            var bin = Path.of(System.getProperty("java.home"), "bin");
            Profile.call(List.of(
                    bin.resolve("jcmd").toString(),
                    "" + node.pid(),
                    "JFR.start",
                    "settings=profile",
                    "duration=" + options.seconds() + "s",
                    "filename=" + recording));
            var perf = Profile.perf(postgres(), options.seconds(), folder.resolve("perf.data"));
            votes.get();
            results.profile(Profile.of(recording), perf);
        }
    }

    private List<Long> postgres() {
        return node.postgres().processes().stream().map(ProcessHandle::pid).toList();
    }

    private record Look(Machine.Used load, Machine.Used urvote, Machine.Used postgres) {}

    /// The load is this process with its children that ended: wrk and pgbench.
    private Look used() {
        return new Look(
                Machine.used(List.of(ProcessHandle.current().pid())),
                Machine.used(List.of(node.pid())),
                Machine.used(postgres()));
    }

    /// Of the machine's whole time, in percent.
    private static Results.Cpu cpu(Look before, Look after, double seconds) {
        var whole = Runtime.getRuntime().availableProcessors() * seconds;
        var busy = after.urvote().busy() - before.urvote().busy();
        var load = Machine.between(before.load(), after.load());
        var urvote = Machine.between(before.urvote(), after.urvote());
        var postgres = Machine.between(before.postgres(), after.postgres());
        var others = Math.max(0, busy - load - urvote - postgres);
        return new Results.Cpu(load / whole, urvote / whole, postgres / whole, others / whole, postgres * 10_000.0);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static void say(String line) {
        System.out.println(line);
    }

    @Override
    public void close() {
        node.close();
    }

    /// However the bench ends, gigabytes of votes do not stay.
    private void leaveNothing() {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroy);
        node.leaveNothing();
        try (var files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | java.io.UncheckedIOException e) {
            System.err.println("%s stays: %s".formatted(folder, e.getMessage()));
        }
    }
}
