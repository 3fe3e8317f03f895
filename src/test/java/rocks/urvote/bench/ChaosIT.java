package rocks.urvote.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `bench/chaos` in small: the jar people run, killed with its durable database under load. One data folder serves all
/// of it, because making one takes longer than a kill.
class ChaosIT {

    private static final Path JAR = Path.of("target/urvote.jar");

    @TempDir
    Path folder;

    Random random = new Random(42);

    @Test
    void losesNothingThatWasAcknowledgedAndWouldNoticeIfItDid() {
        var kills = Rounds.kills(2, 0, random);

        try (var node = Node.in(folder.resolve("node"), JAR, Map.of()).start();
                var journal = Journal.in(folder.resolve("kills.journal"))) {
            var scene = Scene.set(node.databaseUrl(), random, 40, 13);
            var rounds = new Rounds(node, scene, journal, random, progress -> {});
            var findings = rounds.run(kills);

            assertThat(findings).matches(Findings::clean);
            assertThat(findings.acknowledged()).isGreaterThan(4 * 50);
            assertThat(journal.oddities()).isEmpty();
            assertThat(rounds.done())
                    .filteredOn(round -> round.kill() == Rounds.Kill.DATABASE)
                    .allSatisfy(round -> assertThat(round.back()).isLessThan(Duration.ofSeconds(15)));
        }

        var broken = BrokenBuild.CHECK_THEN_INSERT;
        try (var node = Node.in(folder.resolve("node"), broken.of(JAR, folder), Map.of())
                .start()) {
            var findings = new Chaos(JAR, folder, random).findings(broken, node);

            assertThat(findings).as(broken.words()).matches(found -> Chaos.caught(broken, found));
        }
    }

    @Test
    void refusesWhileTheDatabaseIsAwayFrozenOrLockedAndComesBackByItself() {
        var outcomes = new Scenarios(JAR, folder, random).withAnOrphan(Duration.ofSeconds(3));

        assertThat(outcomes).hasSize(3).allSatisfy(outcome -> {
            assertThat(outcome.findings()).matches(Findings::clean);
            assertThat(outcome.receivedMeanwhile()).isZero();
            assertThat(outcome.withoutRetryAfter()).isZero();
        });
    }
}
