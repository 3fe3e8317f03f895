package rocks.urvote.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/// Load, a kill at a random moment, and the proof; again and again on one database.
final class Rounds {

    private static final int VOTERS = 32;
    private static final int VOTES_BEFORE_A_KILL = 50;
    private static final int ATTEMPTS_IN_STOCK = 20_000;
    private static final Duration RECOVERY = Duration.ofMinutes(2);

    private final Node node;
    private final Scene scene;
    private final Door door;
    private final Journal journal;
    private final Proof proof;
    private final Random random;
    private final Consumer<String> progress;
    private final List<Round> done = new ArrayList<>();

    Rounds(Node node, Scene scene, Journal journal, Random random, Consumer<String> progress) {
        this.node = node;
        this.scene = scene;
        this.door = Door.of(node);
        this.journal = journal;
        this.proof = new Proof(scene, door, journal);
        this.random = random;
        this.progress = progress;
    }

    enum Kill {
        DATABASE,
        URVOTE,
        BOTH
    }

    /// @param back from the kill to the next received vote
    record Round(Kill kill, Duration back, Findings findings) {}

    List<Round> done() {
        return List.copyOf(done);
    }

    /// So many of the database and of UrVote, and a few of both at once, in any order.
    static List<Kill> kills(int each, int both, Random random) {
        var kills = new ArrayList<Kill>();
        kills.addAll(Collections.nCopies(each, Kill.DATABASE));
        kills.addAll(Collections.nCopies(each, Kill.URVOTE));
        kills.addAll(Collections.nCopies(both, Kill.BOTH));
        Collections.shuffle(kills, random);
        return kills;
    }

    Findings run(List<Kill> kills) {
        return run(kills, () -> {});
    }

    Proof proof() {
        return proof;
    }

    Findings run(List<Kill> kills, Runnable withTheKill) {
        var total = Findings.NONE;
        for (var kill : kills) {
            scene.enough(ATTEMPTS_IN_STOCK);
            int before = journal.acknowledgedSoFar();
            var load = Load.of(VOTERS, scene, door, journal);
            Wait.until("votes come in", RECOVERY, () -> journal.acknowledgedSoFar() >= before + VOTES_BEFORE_A_KILL);
            Wait.pause(Duration.ofMillis(random.nextInt(50, 1_000)));
            long killed = System.nanoTime();
            withTheKill.run();
            perform(kill);
            awaitVote();
            var back = Duration.ofNanos(System.nanoTime() - killed);
            load.stop();
            var findings = proof.now();
            done.add(new Round(kill, back, findings));
            total = total.and(findings);
            progress.accept("%d/%d %s, back after %d ms: %s"
                    .formatted(done.size(), kills.size(), kill, back.toMillis(), findings));
        }
        long lostLater = proof.missingAtTheEnd();
        if (lostLater > total.missing()) {
            journal.odd("%d acknowledged votes went missing later".formatted(lostLater - total.missing()));
        }
        return total;
    }

    private void perform(Kill kill) {
        switch (kill) {
            case DATABASE -> node.postgres().kill();
            case URVOTE -> node.restart();
            case BOTH -> {
                node.kill();
                node.postgres().kill();
                node.start();
            }
        }
    }

    private void awaitVote() {
        awaitVote(scene, door, journal);
    }

    static void awaitVote(Scene scene, Door door, Journal journal) {
        Wait.until("a vote is received again", RECOVERY, () -> {
            var attempt = scene.next();
            if (attempt == null) {
                throw new IllegalStateException("All voters have voted");
            }
            var reply = door.handIn(attempt);
            journal.note(attempt, reply);
            return reply.received();
        });
    }
}
