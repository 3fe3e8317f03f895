package rocks.urvote.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import rocks.urvote.testkit.Ports;

/// `bench/migration`: the release before serves, the tables of this one are made under it, and this one takes over.
/// `bench/README.md` says what that shows.
final class Migration {

    private static final int VOTES = 100_000;
    private static final int VOTES_PER_SECOND = 100;
    private static final int READS_PER_SECOND = 50;
    private static final Duration SLOWEST = Duration.ofSeconds(2);

    private Migration() {}

    /// The jar of the release before, how it is called, the new jar, and how many seconds each phase takes.
    static void main(String[] arguments) throws Exception {
        var old = Path.of(arguments[0]);
        var name = arguments[1];
        var fresh = Path.of(arguments[2]);
        var phase = Duration.ofSeconds(Integer.parseInt(arguments[3]));
        var folder = Files.createTempDirectory("urvote-migration");
        try (var host = Node.in(folder.resolve("host"), old, Map.of()).start()) {
            var people = new Stock(host.databaseUrl());
            people.people(20_000, folder.resolve("tokens"));
            var contests = new ArrayList<Stock.Contest>();
            for (int contest = 0; contest < 10; contest++) {
                contests.add(people.contest(10));
            }
            people.fill(VOTES, VOTES / 50, contests, 7);
            report(name, seen(host, folder, old, fresh, phase));
        } finally {
            try (var files = Files.walk(folder)) {
                files.sorted(java.util.Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
        System.exit(0);
    }

    private record Run(List<Steady.Seen> phases, Findings findings, Duration migration, String said) {

        /// While a program that has just started gets warm, it may be slow; nothing has been done to it yet.
        boolean good() {
            return findings.clean()
                    && phases.stream().allMatch(phase -> phase.failures().isEmpty())
                    && phases.stream()
                            .skip(1)
                            .allMatch(phase -> phase.slowestVote().compareTo(SLOWEST) < 0
                                    && phase.slowestRead().compareTo(SLOWEST) < 0);
        }
    }

    private static Run seen(Node host, Path folder, Path old, Path fresh, Duration phase) throws Exception {
        int first = Ports.free();
        int second = Ports.free();
        try (var before = host.another(folder.resolve("before"), old, onPort(first))
                        .start();
                var after = host.another(folder.resolve("after"), fresh, onPort(second));
                var balancer = Balancer.before(folder.resolve("nginx"), first, second);
                var journal = Journal.in(folder.resolve("journal"))) {
            var scene = Scene.set(host.databaseUrl(), new Random(7), 100, Scene.VOTES_PER_DAY);
            scene.enough(VOTES_PER_SECOND * (int) (phase.toSeconds() * 4 + 120));
            var steady = Steady.at(VOTES_PER_SECOND, READS_PER_SECOND, scene, balancer.address(), journal);
            Wait.pause(phase);
            steady.phase("before");
            Wait.pause(phase);
            steady.phase("while `migrate` runs");
            var begun = System.nanoTime();
            var said = host.command(fresh, "migrate");
            var took = Duration.ofNanos(System.nanoTime() - begun);
            steady.phase("the old program on the new tables");
            Wait.pause(phase);
            steady.phase("while the new program starts beside it");
            after.start();
            steady.phase("both");
            Wait.pause(phase);
            steady.phase("while the old one leaves");
            before.stop();
            steady.phase("the new program alone");
            Wait.pause(phase);
            var phases = steady.stop();
            var findings = new Proof(scene, Door.at(balancer.address()), journal).now();
            return new Run(phases, findings, took, said);
        }
    }

    private static Map<String, String> onPort(int port) {
        var settings = new HashMap<String, String>();
        settings.put("URVOTE_PORT", Integer.toString(port));
        settings.put("URVOTE_TRUSTED_PROXIES", "127.0.0.1");
        settings.put("URVOTE_DRAIN", "5s");
        return settings;
    }

    private static void report(String name, Run run) throws IOException {
        var text = new StringBuilder("""
            # Results of bench/migration
            What it does and how to read it: [README](../README.md). From %s to this one, %,d votes stored before, %d \
            votes and %d reads a second through nginx. `migrate` took %.1f s with its start and said: %s.

            | phase | votes | slowest, ms | reads | slowest, ms | failed |
            |---|---|---|---|---|---|
            """.formatted(
                        name,
                        VOTES,
                        VOTES_PER_SECOND,
                        READS_PER_SECOND,
                        run.migration().toMillis() / 1e3,
                        run.said().strip().replaceAll("\\s*\\n\\s*", "; ")));
        for (var seen : run.phases()) {
            text.append("| %s | %,d | %d | %,d | %d | %d |\n"
                    .formatted(
                            seen.phase().equals("all of it") ? "warming up" : seen.phase(),
                            seen.votes(),
                            seen.slowestVote().toMillis(),
                            seen.reads(),
                            seen.slowestRead().toMillis(),
                            seen.failures().size()));
            seen.failures().stream().limit(10).forEach(failure -> IO.println(seen.phase() + ": " + failure));
        }
        text.append("\nAfterwards, vote by vote: %s.\n\n%s.\n"
                .formatted(
                        run.findings(),
                        run.good()
                                ? "Once it was warm, no request was slower than 2 s, and none failed"
                                : "NOT as it must be: a request was slower than 2 s, or failed"));
        var file = Path.of("bench/results/migration.md");
        Files.writeString(file, text);
        IO.println(text.toString());
        if (!run.good()) {
            System.exit(1);
        }
    }
}
