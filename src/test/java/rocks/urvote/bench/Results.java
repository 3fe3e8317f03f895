package rocks.urvote.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// What was measured: a table, the same for programs, and plots.
final class Results {

    private static final String NAIVE = "pgbench, one transaction a vote, 64 clients";

    /// Percent of the machine; of the database also all of its time in microseconds.
    record Cpu(double load, double urvote, double postgres, double others, double databaseMicros) {

        String text() {
            return "CPU %% load %2.0f, UrVote %2.0f, PostgreSQL %2.0f, others %2.0f"
                    .formatted(load, urvote, postgres, others);
        }
    }

    record Measured(String name, double perSecond, Wrk.Outcome outcome, Cpu cpu, long number) {

        double p50() {
            return outcome == null ? 0 : outcome.p50();
        }

        double p99() {
            return outcome == null ? 0 : outcome.p99();
        }
    }

    private final Map<String, List<Measured>> rows = new LinkedHashMap<>();
    private final Map<String, Object> facts = new LinkedHashMap<>();
    private final Map<Integer, Map<String, long[]>> sizes = new LinkedHashMap<>();
    private List<String> profile = List.of();

    void add(Measured measured) {
        rows.computeIfAbsent(measured.name(), _ -> new ArrayList<>()).add(measured);
    }

    void fact(String name, Object value) {
        facts.put(name, value);
    }

    void sizes(int votes, Map<String, long[]> tables) {
        sizes.put(votes, tables);
    }

    void profile(List<String> urvote, List<String> postgres) {
        profile = new ArrayList<>(urvote);
        profile.add("");
        profile.add("PostgreSQL (perf, its own code and the kernel's for it):");
        profile.addAll(postgres);
    }

    private double median(String name, ToDoubleFunction<Measured> value) {
        var sorted = rows.getOrDefault(name, List.of()).stream()
                .mapToDouble(value)
                .sorted()
                .toArray();
        return sorted.length == 0 ? Double.NaN : (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private double perSecond(String name) {
        return median(name, Measured::perSecond);
    }

    void write(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        machine();
        Files.writeString(folder.resolve("results.md"), markdown());
        Files.writeString(folder.resolve("results.json"), json());
        if (!profile.isEmpty()) {
            Files.writeString(folder.resolve("profile.txt"), String.join("\n", profile) + "\n");
        }
        plot(
                folder,
                "votes",
                "votes a second",
                name -> (name.contains("HTTP, ") && !name.contains("beside"))
                        || name.startsWith("pgbench")
                        || name.startsWith("the batch"));
        plot(
                folder,
                "reads",
                "leaderboards a second",
                name -> name.startsWith("nginx") || (name.startsWith("leaderboard") && !name.contains("beside")));
        plot(folder, "growth", "a second", name -> name.contains("beside"));
    }

    private void machine() throws IOException, InterruptedException {
        fact("date", LocalDate.now(ZoneOffset.UTC));
        fact("processors", Runtime.getRuntime().availableProcessors());
        fact("kernel", System.getProperty("os.version"));
        fact("java", System.getProperty("java.version"));
        fact(
                "commit",
                Profile.call(List.of("git", "describe", "--always", "--dirty")).strip());
    }

    private String markdown() {
        var text =
                new StringBuilder("# Results of bench/run\n\nMedians; how to read them: [README](../README.md).\n\n");
        text.append("| what | a second | to naive | p50 ms | p99 ms | refused | broken | CPU % load / UrVote /"
                        + " PostgreSQL")
                .append(" / others | database µs each |\n|---|---|---|---|---|---|---|---|---|\n");
        rows.forEach((name, all) ->
                text.append("| %s | %,.0f | %s | %.1f | %.1f | %d | %d | %.0f / %.0f / %.0f / %.0f | %s |\n"
                        .formatted(
                                name,
                                perSecond(name),
                                name.contains("vote") && !name.startsWith("leaderboard") && rows.containsKey(NAIVE)
                                        ? "%.2f".formatted(perSecond(name) / perSecond(NAIVE))
                                        : "",
                                median(name, Measured::p50),
                                median(name, Measured::p99),
                                all.stream()
                                        .mapToLong(row -> row.outcome() == null
                                                ? 0
                                                : row.outcome().refused())
                                        .sum(),
                                all.stream()
                                        .mapToLong(row -> row.outcome() == null
                                                ? 0
                                                : row.outcome().broken())
                                        .sum(),
                                median(name, row -> row.cpu().load()),
                                median(name, row -> row.cpu().urvote()),
                                median(name, row -> row.cpu().postgres()),
                                median(name, row -> row.cpu().others()),
                                name.startsWith("pgbench") || name.startsWith("nginx") || name.startsWith("leaderboard")
                                        ? ""
                                        : "%.0f"
                                                .formatted(median(
                                                        name, row -> row.cpu().databaseMicros() / row.number())))));
        text.append("\n").append(sizesTable());
        text.append("\n| | |\n|---|---|\n");
        facts.forEach((name, value) -> text.append(
                "| %s | %s |\n".formatted(name, value instanceof Double number ? "%.1f".formatted(number) : value)));
        return text.toString();
    }

    /// Beside what the document that UrVote grew out of expected: 500 bytes a vote, 2 KB a song, 1 KB a user.
    private String sizesTable() {
        if (sizes.isEmpty()) {
            return "";
        }
        var text = new StringBuilder("| stored | votes, MB | bytes a vote (500 were expected) | with its ballot |"
                + " bytes a song (2,048) | bytes a user (1,024) |\n|---|---|---|---|---|---|\n");
        sizes.forEach((votes, tables) -> {
            var vote = tables.get("contest.votes");
            var ballot = tables.get("contest.ballots");
            text.append("| %,d | %,d | %.0f | %.0f | %.0f | %.0f |\n"
                    .formatted(
                            vote[1],
                            vote[0] / 1_000_000,
                            each(vote),
                            each(vote) + (double) ballot[0] / vote[1],
                            each(tables.get("contest.songs")),
                            each(tables.get("identity.users"))));
        });
        var first = sizes.values().iterator().next();
        var small = (10_000 * each(first.get("identity.users"))
                        + 1_000 * each(first.get("contest.songs"))
                        + 100_000
                                * (each(first.get("contest.votes"))
                                        + (double) first.get("contest.ballots")[0] / first.get("contest.votes")[1])
                        + first.get("contest.song_tallies")[0])
                / 1e6;
        return text
                + "\n10,000 users, 1,000 songs and 100,000 votes: %.0f MB (about 100 MB were expected).\n"
                        .formatted(small);
    }

    private static double each(long[] table) {
        return (double) table[0] / Math.max(1, table[1]);
    }

    private String json() {
        return rows.values().stream()
                .flatMap(List::stream)
                .map(row -> """
                    {"what": "%s", "per_second": %.1f, "p50_ms": %.2f, "p99_ms": %.2f, "number": %d, "cpu_percent": \
                    {"load": %.1f, "urvote": %.1f, "postgres": %.1f, "others": %.1f}}\
                    """.formatted(
                                row.name(),
                                row.perSecond(),
                                row.p50(),
                                row.p99(),
                                row.number(),
                                row.cpu().load(),
                                row.cpu().urvote(),
                                row.cpu().postgres(),
                                row.cpu().others()))
                .collect(Collectors.joining(",\n  ", "[\n  ", "\n]\n"));
    }

    private void plot(Path folder, String name, String axis, java.util.function.Predicate<String> which)
            throws IOException, InterruptedException {
        var bars = rows.keySet().stream().filter(which).toList();
        if (bars.isEmpty()) {
            return;
        }
        var data = new StringBuilder();
        for (var i = 0; i < bars.size(); i++) {
            data.append("%d \"%s\" %.0f%n".formatted(bars.size() - i, bars.get(i), perSecond(bars.get(i))));
        }
        var file = Files.createTempFile("bench", ".dat");
        Files.writeString(file, data);
        var said = Profile.call(List.of("gnuplot", "-e", """
            set terminal svg size 900,%d font 'sans-serif,13' background '#ffffff'; set output '%s';
            set style fill solid 1.0; unset key; set border 3 lc '#888888'; set xtics nomirror; set ytics nomirror;
            set lmargin 46; set rmargin 10; set xrange [0:*]; set yrange [0.4:%d.6]; set format x '%%.0f'; set xlabel '%s';
            plot '%s' using ($3/2):1:($3/2):(0.32):ytic(2) with boxxyerror lc rgb '#5b4bd6',
                 '' using 3:1:(sprintf('  %%.0f', $3)) with labels left
            """.formatted(
                        90 + 38 * bars.size(), folder.resolve(name + ".svg"), bars.size(), axis, file)));
        Files.delete(file);
        if (!said.isBlank()) {
            System.out.println("gnuplot: " + said);
        }
    }
}
