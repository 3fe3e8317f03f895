package rocks.urvote.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a backup with its proof and a restore cost while people vote, beside plain `pg_dump` and `pg_restore` of the
/// same database. `bench/README.md` says how to read it.
public final class BackupBench implements AutoCloseable {

    private static final int VOTERS = 200_000;
    private static final Duration WARM_UP = Duration.ofSeconds(30);
    private static final String NAME = "urvote";

    private final Options options;
    private final Path folder;
    private final Path jar = Path.of("target/urvote.jar").toAbsolutePath();
    private final DebianServer server;
    private final Node node;
    private final List<Backup> backups = new ArrayList<>();
    private final List<Restore> restores = new ArrayList<>();
    private final Map<String, Object> facts = new HashMap<>();
    private Stock stock;
    private List<String> tokens;
    private SteadyVotes.Seen alone;

    private record Options(int votes, int perSecond, int quiet, Path results) {}

    /// @param written until the file is there, in seconds
    /// @param proved  until it is proved as well; of `pg_dump` never
    private record Backup(
            String name,
            double written,
            Optional<Double> proved,
            long bytes,
            SteadyVotes.Seen whileWritten,
            Optional<SteadyVotes.Seen> whileProved) {}

    private record Restore(String name, double seconds) {}

    public static void main(String[] arguments) throws Exception {
        try (var bench = new BackupBench(options(List.of(arguments)))) {
            bench.run();
        }
    }

    private static Options options(List<String> words) {
        return new Options(
                number(words, "--votes", 10_000_000),
                number(words, "--per-second", 500),
                number(words, "--quiet", 60),
                Path.of(value(words, "--results").orElse("bench/results")));
    }

    private static int number(List<String> words, String name, int usual) {
        return value(words, name)
                .map(text -> Integer.parseInt(text.replace("_", "")))
                .orElse(usual);
    }

    private static Optional<String> value(List<String> words, String name) {
        var at = words.indexOf(name);
        return at < 0 || at + 1 == words.size() ? Optional.empty() : Optional.of(words.get(at + 1));
    }

    private BackupBench(Options options) throws IOException, InterruptedException {
        this.options = options;
        this.folder = Files.createTempDirectory("urvote-backups");
        Files.setPosixFilePermissions(folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        Runtime.getRuntime().addShutdownHook(new Thread(this::leaveNothing, "leave no folder"));
        this.server = DebianServer.start(folder.resolve("server"), tuned());
        this.node = Node.in(
                        folder.resolve("node"),
                        jar,
                        Map.of(
                                "URVOTE_DATABASE_URL",
                                server.url(NAME),
                                "URVOTE_BACKUPS",
                                kept().toString(),
                                "URVOTE_CONNECTIONS_PER_ADDRESS",
                                "100000"))
                .withUsualMemory();
    }

    /// What UrVote itself would tell a server of a quarter of this machine's memory.
    private String tuned() throws IOException, InterruptedException {
        var memory = Math.max(
                1,
                Files.readAllLines(Path.of("/proc/meminfo")).stream()
                                .filter(line -> line.startsWith("MemTotal:"))
                                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")))
                                .sum()
                        >> 22);
        return urvote(Map.of(), "database", "tune", "--print", "--memory=%dGB".formatted(memory));
    }

    private Path kept() {
        return folder.resolve("kept");
    }

    private void run() throws Exception {
        run(server.url("postgres"), "create database " + NAME);
        node.start();
        stock = new Stock(server.url(NAME));
        say("Making %,d voters and %,d votes".formatted(VOTERS, options.votes()));
        var file = folder.resolve("tokens");
        stock.people(VOTERS, file);
        tokens = Files.readAllLines(file);
        fill();
        facts.put("votes stored before", "%,d".formatted(stock.number("select count(*) from contest.votes")));
        facts.put(
                "database, MB",
                "%,d".formatted(stock.number("select pg_database_size(current_database()) / 1024 / 1024")));
        warmUp();
        quiet();
        backUp("pg_dump -Fc, plain", this::plain);
        backUp("UrVote, in pg_dump's form", () -> urvotes(Map.of("URVOTE_PG_TOOLS", bin())));
        backUp("UrVote, in its own form", () -> urvotes(Map.of("URVOTE_PG_TOOLS", "none")));
        node.close();
        restore();
        write();
    }

    private void fill() {
        var contests = new ArrayList<Stock.Contest>();
        for (int i = 0; i < 10; i++) {
            contests.add(stock.contest(10));
        }
        stock.fill(options.votes(), Math.clamp(options.votes() / 50, 1, VOTERS), contests, 7);
    }

    private void warmUp() {
        say("Warming up for %d s".formatted(WARM_UP.toSeconds()));
        try (var _ = votes()) {
            Wait.pause(WARM_UP);
        }
    }

    private SteadyVotes votes() {
        return SteadyVotes.begin(node.address(), tokens, stock.contest(10), options.perSecond());
    }

    private void quiet() {
        say("Voting for %d s without a backup".formatted(options.quiet()));
        var votes = votes();
        long from = System.nanoTime();
        try (votes) {
            Wait.pause(Duration.ofSeconds(options.quiet()));
        }
        alone = votes.between(from, System.nanoTime());
        tell(alone);
    }

    private interface Run {
        Ended go() throws Exception;
    }

    /// @param written the moment the file was there
    private record Ended(long written, Path file, boolean proved) {}

    private void backUp(String name, Run run) throws Exception {
        say(name);
        stock.run("checkpoint");
        var votes = votes();
        long started;
        long over;
        Ended ended;
        try (votes) {
            Wait.pause(Duration.ofSeconds(5));
            started = System.nanoTime();
            ended = run.go();
            over = System.nanoTime();
        }
        var whileWritten = votes.between(started, ended.written());
        tell(whileWritten);
        backups.add(new Backup(
                name,
                seconds(started, ended.written()),
                ended.proved() ? Optional.of(seconds(started, over)) : Optional.empty(),
                Files.size(ended.file()),
                whileWritten,
                ended.proved() ? Optional.of(votes.between(ended.written(), over)) : Optional.empty()));
        say("  written after %.0f s, over after %.0f s"
                .formatted(seconds(started, ended.written()), seconds(started, over)));
        exact();
    }

    /// Tallies equal the votes, and none that was received is missing.
    private void exact() {
        long difference = stock.number("""
            select (select count(*) from contest.votes where status = 'counted')
                 - (select sum(n) from contest.song_tallies)::bigint
            """);
        if (difference != 0) {
            throw new IllegalStateException("The tallies differ from the votes by " + difference);
        }
    }

    private Ended plain() throws IOException, InterruptedException {
        var file = folder.resolve("plain.dump");
        call(Map.of(), List.of(bin() + "/pg_dump", "-Fc", "--file=" + file, server.url(NAME)));
        return new Ended(System.nanoTime(), file, false);
    }

    private Ended urvotes(Map<String, String> settings) throws IOException, InterruptedException {
        var before = dumps();
        var process = command(settings, "backup").start();
        long written = 0;
        while (process.isAlive()) {
            if (written == 0 && manifests() > before.size()) {
                written = System.nanoTime();
            }
            Wait.pause(Duration.ofMillis(50));
        }
        if (process.waitFor() != 0 || written == 0) {
            throw new IllegalStateException("urvote backup failed: " + Files.readString(output()));
        }
        var after = new ArrayList<>(dumps());
        after.removeAll(before);
        return new Ended(written, after.getFirst(), true);
    }

    private List<Path> dumps() throws IOException {
        return named(".dump");
    }

    private int manifests() throws IOException {
        return named(".dump.json").size();
    }

    private List<Path> named(String end) throws IOException {
        if (!Files.exists(kept())) {
            return List.of();
        }
        try (var files = Files.list(kept())) {
            return files.filter(file -> file.getFileName().toString().startsWith("urvote_"))
                    .filter(file -> file.toString().endsWith(end))
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
    }

    private void restore() throws Exception {
        var dumps = dumps();
        restore("pg_restore, plain", "plain", url -> {
            run(server.url("postgres"), "create database plain template template0");
            call(
                    Map.of(),
                    List.of(
                            bin() + "/pg_restore",
                            "--dbname=" + url,
                            folder.resolve("plain.dump").toString()));
        });
        restore("pg_restore, plain, as many at once as processors", "plain", url -> {
            run(server.url("postgres"), "create database plain template template0");
            call(
                    Map.of(),
                    List.of(
                            bin() + "/pg_restore",
                            "--jobs=" + Runtime.getRuntime().availableProcessors(),
                            "--dbname=" + url,
                            folder.resolve("plain.dump").toString()));
        });
        restore(
                "UrVote, in pg_dump's form",
                "again",
                url -> urvote(
                        Map.of("URVOTE_PG_TOOLS", bin()),
                        "restore",
                        dumps.get(0).toString(),
                        "--into",
                        url,
                        "--yes"));
        restore(
                "UrVote, in its own form",
                "again",
                url -> urvote(Map.of(), "restore", dumps.get(1).toString(), "--into", url, "--yes"));
    }

    private interface Into {
        void make(String url) throws Exception;
    }

    private void restore(String name, String database, Into into) throws Exception {
        say("Restoring: " + name);
        stock.run("checkpoint");
        long started = System.nanoTime();
        into.make(server.url(database));
        restores.add(new Restore(name, seconds(started, System.nanoTime())));
        long there = Long.parseLong(text(server.url(database), "select count(*) from contest.votes"));
        if (there < options.votes()) {
            throw new IllegalStateException("Only %,d votes are there".formatted(there));
        }
        run(server.url("postgres"), "drop database " + database);
    }

    private String urvote(Map<String, String> settings, String... arguments) throws IOException, InterruptedException {
        if (command(settings, arguments).start().waitFor() != 0) {
            throw new IllegalStateException("urvote failed: " + Files.readString(output()));
        }
        return Files.readString(output());
    }

    private Path output() {
        return folder.resolve("urvote.out");
    }

    private ProcessBuilder command(Map<String, String> settings, String... arguments) {
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", jar.toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output().toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("URVOTE_"));
        builder.environment().put("URVOTE_DATA_DIR", folder.resolve("commands").toString());
        if (server != null) {
            builder.environment().put("URVOTE_DATABASE_URL", server.url(NAME));
            builder.environment().put("URVOTE_BACKUPS", kept().toString());
        }
        builder.environment().putAll(settings);
        return builder;
    }

    private void call(Map<String, String> environment, List<String> command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output().toFile());
        builder.environment().putAll(environment);
        if (builder.start().waitFor() != 0) {
            throw new IllegalStateException(
                    "%s failed: %s".formatted(Path.of(command.getFirst()).getFileName(), Files.readString(output())));
        }
    }

    private static String bin() {
        return DebianServer.BIN.toString();
    }

    private void write() throws IOException, InterruptedException, SQLException {
        var plain = backups.getFirst();
        var text = new StringBuilder("# Results of bench/backups\n\nHow to read them: [README](../README.md).\n\n");
        text.append(
                "| backup | takes, s | to plain | file, MB | to plain | votes meanwhile | refused or lost | p50 ms |"
                        + " p99 ms | p99 to none | longest ms |\n"
                        + "|---|---|---|---|---|---|---|---|---|---|---|\n");
        text.append("| none | | | | | %s\n".formatted(line(alone)));
        for (var backup : backups) {
            text.append("| %s%s | %.0f | %.2f | %,d | %.2f | %s\n"
                    .formatted(
                            backup.name(),
                            backup.proved().isPresent() ? ": until written" : "",
                            backup.written(),
                            backup.written() / plain.written(),
                            backup.bytes() >> 20,
                            (double) backup.bytes() / plain.bytes(),
                            line(backup.whileWritten())));
            backup.whileProved()
                    .ifPresent(seen -> text.append("| %s: until proved | %.0f | %.2f | | | %s\n"
                            .formatted(
                                    backup.name(),
                                    backup.proved().orElseThrow(),
                                    backup.proved().orElseThrow() / plain.written(),
                                    line(seen))));
        }
        text.append("\n| restore | takes, s | to plain |\n|---|---|---|\n");
        for (var restore : restores) {
            text.append("| %s | %.0f | %.2f |\n"
                    .formatted(
                            restore.name(),
                            restore.seconds(),
                            restore.seconds() / restores.getFirst().seconds()));
        }
        facts.put("votes a second", options.perSecond());
        facts.put("date", LocalDate.now(ZoneOffset.UTC));
        facts.put("processors", Runtime.getRuntime().availableProcessors());
        facts.put("kernel", System.getProperty("os.version"));
        facts.put("java", System.getProperty("java.version"));
        facts.put("PostgreSQL", text(server.url("postgres"), "show server_version"));
        facts.put(
                "commit",
                Profile.call(List.of("git", "describe", "--always", "--dirty")).strip());
        text.append("\n| | |\n|---|---|\n");
        facts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(fact -> text.append("| %s | %s |\n".formatted(fact.getKey(), fact.getValue())));
        Files.createDirectories(options.results());
        var file = Files.writeString(options.results().resolve("backups.md"), text);
        say("The results are in " + file);
    }

    private String line(SteadyVotes.Seen seen) {
        return "%,d | %,d | %.1f | %.1f | %.2f | %.0f |"
                .formatted(seen.votes(), seen.lost(), seen.p50(), seen.p99(), seen.p99() / alone.p99(), seen.longest());
    }

    private static void run(String url, String sql) throws SQLException {
        try (var db = Stock.connect(url, "");
                var statement = db.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String text(String url, String query) throws SQLException {
        try (var db = Stock.connect(url, "");
                var statement = db.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void tell(SteadyVotes.Seen seen) {
        say("  %,d votes, %,d refused or lost, p50 %.1f ms, p99 %.1f ms, longest %.0f ms"
                .formatted(seen.votes(), seen.lost(), seen.p50(), seen.p99(), seen.longest()));
    }

    private static double seconds(long from, long to) {
        return (to - from) / 1e9;
    }

    private static void say(String what) {
        System.out.println(what);
    }

    private void leaveNothing() {
        close();
        try (var all = Files.walk(folder)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            System.err.println("%s could not be removed: %s".formatted(folder, e));
        }
    }

    @Override
    public void close() {
        if (node != null) {
            node.close();
        }
        if (server != null) {
            server.close();
        }
    }
}
