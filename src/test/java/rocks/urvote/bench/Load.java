package rocks.urvote.bench;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// Many voters at once, who go on whatever happens to UrVote, until they are told to stop.
final class Load {

    private static final Duration AFTER_A_FAILURE = Duration.ofMillis(500);
    private static final int REPLAY_ONE_OF = 20;

    private final Scene scene;
    private final Door door;
    private final Journal journal;
    private final ExecutorService voters = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean stopping;

    private Load(Scene scene, Door door, Journal journal) {
        this.scene = scene;
        this.door = door;
        this.journal = journal;
    }

    static Load of(int voters, Scene scene, Door door, Journal journal) {
        var load = new Load(scene, door, journal);
        for (int i = 0; i < voters; i++) {
            load.voters.execute(load::vote);
        }
        return load;
    }

    private void vote() {
        Scene.Attempt attempt;
        while (!stopping && (attempt = scene.next()) != null) {
            var reply = door.handIn(attempt);
            journal.note(attempt, reply);
            if (reply.received()
                    && attempt.keyed()
                    && ThreadLocalRandom.current().nextInt(REPLAY_ONE_OF) == 0) {
                journal.noteReplay(
                        new Journal.Acknowledged(attempt, reply.vote(), reply.day(), reply.body()),
                        door.handIn(attempt));
            }
            if (reply.open()) {
                Wait.pause(AFTER_A_FAILURE);
            }
        }
    }

    /// Comes back when the last request was answered, or is known not to be.
    void stop() {
        stopping = true;
        voters.shutdown();
        try {
            if (!voters.awaitTermination(2, TimeUnit.MINUTES)) {
                throw new IllegalStateException("Voters still wait for an answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while votes came to an end", e);
        }
    }
}
