package rocks.urvote.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;

/// `bench/chaos`: see `bench/chaos.md`.
final class Chaos {

    private static final int SONGS = 40;
    private static final int SONGS_OF_A_VOTER = 13;
    private static final String USAGE = """
        bench/chaos [--kills <n> [--only-kills]] [--broken <name>] [--prove] [--scenario <name>] [--seconds <n>] [--seed <n>] [--jar <file>]
          broken:   synchronous-commit-off, check-then-insert, tally-outside
          scenario: orphan (database away, frozen, locked), two-nodes, disk-full
        """;

    private final Path jar;
    private final Path folder;
    private final Random random;

    Chaos(Path jar, Path folder, Random random) {
        this.jar = jar;
        this.folder = folder;
        this.random = random;
    }

    static void main(String[] arguments) throws IOException {
        var options = Options.of(arguments);
        var folder = Files.createTempDirectory("urvote-chaos");
        long seed = options.number("seed", Instant.now().getEpochSecond());
        say("seed %d, files in %s".formatted(seed, folder));
        var chaos = new Chaos(Path.of(options.text("jar", "target/urvote.jar")), folder, new Random(seed));
        var report = new Report(seed);
        boolean good = true;
        int seconds = (int) options.number("seconds", 30);
        if (options.has("broken")) {
            good = chaos.catches(BrokenBuild.named(options.text("broken", "")), report);
        } else if (options.has("scenario")) {
            good = chaos.play(options.text("scenario", ""), Duration.ofSeconds(seconds), report);
        } else {
            int kills = (int) options.number("kills", options.has("prove") ? 0 : 50);
            if (kills > 0) {
                good = chaos.kill(kills, report);
            }
            if (options.has("only-kills")) {
                finish(good, report);
            }
            for (var broken : BrokenBuild.values()) {
                good &= chaos.catches(broken, report);
            }
            if (!options.has("prove")) {
                for (var name : List.of("orphan", "two-nodes", "disk-full")) {
                    good &= chaos.play(name, Duration.ofSeconds(seconds), report);
                }
            }
        }
        finish(good, report);
    }

    private static void finish(boolean good, Report report) throws IOException {
        var written = report.write(Path.of("bench/results/chaos.md"));
        say("%s; %s".formatted(good ? "all as it must be" : "NOT as it must be", written));
        System.exit(good ? 0 : 1);
    }

    private boolean kill(int each, Report report) {
        var settings = Map.<String, String>of();
        try (var node = Node.in(folder.resolve("kills"), jar, settings).start();
                var journal = Journal.in(folder.resolve("kills.journal"))) {
            var scene = Scene.set(node.databaseUrl(), random, SONGS, SONGS_OF_A_VOTER);
            var rounds = new Rounds(node, scene, journal, random, Chaos::say);
            var findings = rounds.run(Rounds.kills(each, each / 5, random));
            journal.oddities().stream().limit(10).forEach(Chaos::say);
            report.kills(rounds.done(), findings, journal.oddities());
            return findings.clean() && journal.oddities().isEmpty();
        }
    }

    private boolean catches(BrokenBuild broken, Report report) {
        try (var node = Node.in(folder.resolve("broken-" + broken), broken.of(jar, folder), Map.of())
                .start()) {
            var findings = findings(broken, node);
            boolean caught = caught(broken, findings);
            say("%s: %s: %s".formatted(broken.words(), caught ? "caught" : "NOT CAUGHT", findings));
            report.broken(broken, caught, findings);
            return caught;
        }
    }

    Findings findings(BrokenBuild broken, Node node) {
        var name = broken.name() + ".journal";
        try (var journal = Journal.in(folder.resolve(name))) {
            return switch (broken) {
                case SYNCHRONOUS_COMMIT_OFF -> {
                    var scene = Scene.set(node.databaseUrl(), random, SONGS, SONGS_OF_A_VOTER);
                    yield new Rounds(node, scene, journal, random, Chaos::say)
                            .run(List.of(Rounds.Kill.DATABASE, Rounds.Kill.DATABASE, Rounds.Kill.DATABASE));
                }
                case CHECK_THEN_INSERT -> {
                    // One node gives each voter one writer, so that it takes two for them to meet.
                    try (var second = node.another(folder.resolve("second")).start()) {
                        var scene = Scene.set(node.databaseUrl(), random, SONGS, SONGS);
                        scene.enough(SONGS * 200);
                        var doors = Door.of(node, second);
                        var load = Load.of(64, scene, doors, journal);
                        Wait.until("many votes are refused", Duration.ofMinutes(1), () -> journal.refused() > 1_000);
                        load.stop();
                        yield new Proof(scene, doors, journal).now();
                    }
                }
                case TALLY_OUTSIDE -> {
                    var scene = Scene.set(node.databaseUrl(), random, SONGS, SONGS_OF_A_VOTER);
                    try (var late = LateTally.of(scene)) {
                        journal.listen(late::later);
                        var rounds = new Rounds(node, scene, journal, random, Chaos::say);
                        rounds.proof().beforeCounting(late::awaitDone);
                        yield rounds.run(List.of(Rounds.Kill.DATABASE), late::crash);
                    }
                }
            };
        }
    }

    static boolean caught(BrokenBuild broken, Findings findings) {
        return switch (broken) {
            case SYNCHRONOUS_COMMIT_OFF -> findings.missing() > 0;
            case CHECK_THEN_INSERT -> findings.overTheLimit() > 0;
            case TALLY_OUTSIDE -> findings.tallyDifferences() > 0;
        };
    }

    private boolean play(String name, Duration howLong, Report report) {
        var scenarios = new Scenarios(jar, folder, random);
        var outcomes = new ArrayList<Scenarios.Outcome>();
        try {
            switch (name) {
                case "orphan" -> outcomes.addAll(scenarios.withAnOrphan(howLong));
                case "two-nodes" -> outcomes.add(scenarios.twoNodes(howLong));
                case "disk-full" -> outcomes.add(scenarios.diskFull(howLong));
                default -> throw new IllegalArgumentException(USAGE);
            }
        } catch (Scenarios.Skipped e) {
            say("%s skipped: %s".formatted(name, e.getMessage()));
            report.skipped(name, e.getMessage());
        }
        outcomes.forEach(outcome -> {
            say(outcome.toString());
            report.scenario(outcome);
        });
        return outcomes.stream().allMatch(Scenarios.Outcome::good);
    }

    private static void say(String words) {
        IO.println(Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + words);
    }

    static long median(LongStream numbers) {
        var sorted = numbers.sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }

    private record Options(Map<String, String> given) {

        static Options of(String[] arguments) {
            var given = new java.util.HashMap<String, String>();
            for (int i = 0; i < arguments.length; i++) {
                if (!arguments[i].startsWith("--")) {
                    throw new IllegalArgumentException(USAGE);
                }
                boolean flag = i + 1 == arguments.length || arguments[i + 1].startsWith("--");
                given.put(arguments[i].substring(2), flag ? "" : arguments[++i]);
            }
            return new Options(given);
        }

        boolean has(String name) {
            return given.containsKey(name);
        }

        String text(String name, String otherwise) {
            return given.getOrDefault(name, otherwise);
        }

        long number(String name, long otherwise) {
            return has(name) ? Long.parseLong(text(name, "")) : otherwise;
        }
    }
}
