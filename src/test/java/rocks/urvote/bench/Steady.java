package rocks.urvote.bench;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// So many votes and reads of a leaderboard a second, sent when they are due whether the ones before were answered or
/// not; each is timed from when it was due.
final class Steady {

    private final Scene scene;
    private final Door door;
    private final Journal journal;
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Thread> clocks = new ArrayList<>();
    private final List<Phase> phases = new ArrayList<>();
    private final long begun = System.nanoTime();
    private volatile boolean stopping;

    private Steady(Scene scene, Door door, Journal journal) {
        this.scene = scene;
        this.door = door;
        this.journal = journal;
        phase("all of it");
    }

    /// What was seen of the requests that were due in some time.
    private static final class Phase {

        private final String name;
        private final List<Duration> votes = new ArrayList<>();
        private final List<Duration> reads = new ArrayList<>();
        private final List<String> failures = new ArrayList<>();

        private Phase(String name) {
            this.name = name;
        }
    }

    /// What becomes due from now on belongs to this one.
    synchronized void phase(String name) {
        phases.add(new Phase(name));
    }

    private synchronized Phase now() {
        return phases.getLast();
    }

    /// The scene must have enough for as long as it lasts.
    static Steady at(int votesPerSecond, int readsPerSecond, Scene scene, URI address, Journal journal) {
        var steady = new Steady(scene, Door.at(address), journal);
        steady.every(Duration.ofSeconds(1).dividedBy(votesPerSecond), steady::vote);
        steady.every(Duration.ofSeconds(1).dividedBy(readsPerSecond), steady::read);
        return steady;
    }

    private interface Request {

        void send(long due, Phase phase);
    }

    private void every(Duration pause, Request request) {
        clocks.add(Thread.ofPlatform().daemon().start(() -> {
            var due = System.nanoTime();
            while (!stopping) {
                var at = due;
                var phase = now();
                requests.execute(() -> request.send(at, phase));
                due += pause.toNanos();
                var rest = due - System.nanoTime();
                if (rest > 0) {
                    Wait.pause(Duration.ofNanos(rest));
                }
            }
        }));
    }

    private void vote(long due, Phase phase) {
        var attempt = scene.next();
        if (attempt == null) {
            throw new IllegalStateException("The scene has no more votes to give");
        }
        var reply = door.handIn(attempt);
        journal.note(attempt, reply);
        note(phase, phase.votes, due, "vote", reply, 201);
    }

    private void read(long due, Phase phase) {
        note(phase, phase.reads, due, "read", door.leaderboard(scene.contest()), 200);
    }

    private synchronized void note(
            Phase phase, List<Duration> times, long due, String what, Door.Reply reply, int expected) {
        var now = System.nanoTime();
        times.add(Duration.ofNanos(now - due));
        if (reply.status() != expected) {
            phase.failures.add(
                    "%s after %.1f s: %d %s".formatted(what, (now - begun) / 1e9, reply.status(), reply.body()));
        }
    }

    /// Of one phase: how many, the slowest, and what was not answered as it should be.
    record Seen(
            String phase, int votes, int reads, Duration slowestVote, Duration slowestRead, List<String> failures) {}

    private synchronized List<Seen> seen() {
        return phases.stream()
                .map(phase -> new Seen(
                        phase.name,
                        phase.votes.size(),
                        phase.reads.size(),
                        slowest(phase.votes),
                        slowest(phase.reads),
                        List.copyOf(phase.failures)))
                .toList();
    }

    private static Duration slowest(List<Duration> times) {
        return times.stream().max(Duration::compareTo).orElse(Duration.ZERO);
    }

    /// Comes back when the last request was answered.
    List<Seen> stop() {
        stopping = true;
        try {
            for (var clock : clocks) {
                clock.join();
            }
            requests.shutdown();
            if (!requests.awaitTermination(2, TimeUnit.MINUTES)) {
                throw new IllegalStateException("Somebody still waits for an answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the load came to an end", e);
        }
        return seen();
    }
}
