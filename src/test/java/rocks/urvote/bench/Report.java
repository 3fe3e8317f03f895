package rocks.urvote.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// The tables of one run, as `bench/results/chaos.md`.
final class Report {

    private final StringBuilder text = new StringBuilder();
    private boolean brokenBegun;
    private boolean scenariosBegun;

    Report(long seed) {
        text.append("# What was proved by killing\n%s, seed %d\n"
                .formatted(Instant.now().truncatedTo(ChronoUnit.SECONDS), seed));
    }

    void kills(List<Rounds.Round> rounds, Findings total, List<String> oddities) {
        text.append("""

            ## Killed under load
            | kill -9 of | times | back after, median ms | longest ms | acknowledged | unanswered | of these stored | missing | duplicates | over the limit | tally differences | ballot differences | wrong retries |
            |---|---|---|---|---|---|---|---|---|---|---|---|---|
            """);
        for (var kill : Rounds.Kill.values()) {
            var some = rounds.stream().filter(round -> round.kill() == kill).toList();
            var findings = some.stream().map(Rounds.Round::findings).reduce(Findings.NONE, Findings::and);
            row(kill.toString(), some, findings);
        }
        row("all", rounds, total);
        text.append("\nAnswers asked for again and compared byte for byte: %d. Oddities: %d.\n"
                .formatted(total.replayed(), oddities.size()));
        oddities.stream()
                .limit(10)
                .forEach(oddity -> text.append("- ").append(oddity).append('\n'));
    }

    private void row(String name, List<Rounds.Round> rounds, Findings findings) {
        text.append("| %s | %d | %d | %d | %d | %d | %d | %s |\n"
                .formatted(
                        name.toLowerCase(java.util.Locale.ROOT),
                        rounds.size(),
                        Chaos.median(rounds.stream().map(Rounds.Round::back).mapToLong(Duration::toMillis)),
                        rounds.stream()
                                .map(Rounds.Round::back)
                                .mapToLong(Duration::toMillis)
                                .max()
                                .orElse(0),
                        findings.acknowledged(),
                        findings.unanswered(),
                        findings.unansweredButStored(),
                        wrong(findings)));
    }

    private static String wrong(Findings findings) {
        return "%d | %d | %d | %d | %d | %d"
                .formatted(
                        findings.missing(),
                        findings.duplicates(),
                        findings.overTheLimit(),
                        findings.tallyDifferences(),
                        findings.ballotDifferences(),
                        findings.wrongRetries());
    }

    void broken(BrokenBuild broken, boolean caught, Findings findings) {
        if (!brokenBegun) {
            brokenBegun = true;
            text.append("""

                ## Broken on purpose
                | build | caught | acknowledged | missing | duplicates | over the limit | tally differences | ballot differences | wrong retries |
                |---|---|---|---|---|---|---|---|---|
                """);
        }
        text.append("| %s | %s | %d | %s |\n"
                .formatted(broken.words(), caught ? "yes" : "NO", findings.acknowledged(), wrong(findings)));
    }

    void scenario(Scenarios.Outcome outcome) {
        beginScenarios();
        text.append("| %s | %d | %d | %d | %d | %d | %d | %d | %s | %s |\n"
                .formatted(
                        outcome.name(),
                        outcome.receivedMeanwhile(),
                        outcome.busy(),
                        outcome.busyP99(),
                        outcome.withoutRetryAfter(),
                        outcome.readsGood(),
                        outcome.readsBad(),
                        outcome.back().toMillis(),
                        wrong(outcome.findings()),
                        outcome.note()));
    }

    void skipped(String name, String why) {
        beginScenarios();
        text.append("| %s | skipped: %s |\n".formatted(name, why));
    }

    private void beginScenarios() {
        if (!scenariosBegun) {
            scenariosBegun = true;
            text.append("""

                ## Other nights
                | what | received meanwhile | 503 | p99 of a 503, ms | without Retry-After | leaderboards read | not read | back after ms | missing | duplicates | over the limit | tally differences | ballot differences | wrong retries | note |
                |---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
                """);
        }
    }

    Path write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
