package rocks.urvote.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What the voters know: every acknowledged vote, and every one of which they do not know what became of it. Written
/// down line by line as it happens.
final class Journal implements AutoCloseable {

    private final BufferedWriter file;
    private final List<Acknowledged> acknowledged = new ArrayList<>();
    private final List<Scene.Attempt> open = new ArrayList<>();
    private final List<String> oddities = new ArrayList<>();
    private final List<Duration> busyAfter = new ArrayList<>();
    private java.util.function.LongConsumer received = song -> {};
    private long refused;
    private long replayed;
    private long busyWithoutRetryAfter;

    private Journal(BufferedWriter file) {
        this.file = file;
    }

    static Journal in(Path file) {
        try {
            return new Journal(Files.newBufferedWriter(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    record Acknowledged(Scene.Attempt attempt, long vote, java.time.LocalDate day, String body) {}

    /// Hears the song of every vote that is received for the first time.
    void listen(java.util.function.LongConsumer listener) {
        received = listener;
    }

    synchronized void note(Scene.Attempt attempt, Door.Reply reply) {
        write(attempt, reply);
        if (reply.received()) {
            acknowledged.add(new Acknowledged(attempt, reply.vote(), reply.day(), reply.body()));
            received.accept(attempt.song());
        } else if (reply.open()) {
            open.add(attempt);
            if (reply.status() == 503) {
                busyAfter.add(reply.took());
                busyWithoutRetryAfter += reply.saysWhenToComeBack() ? 0 : 1;
            } else if (reply.status() != 0) {
                odd("voter %d, song %d was answered with %d %s"
                        .formatted(attempt.voter(), attempt.song(), reply.status(), reply.body()));
            }
        } else if (reply.code().equals("daily_limit_reached")) {
            refused++;
        } else {
            odd("voter %d, song %d was answered with %d %s"
                    .formatted(attempt.voter(), attempt.song(), reply.status(), reply.body()));
        }
    }

    /// The answer to an attempt of which the voter did not know: stored meanwhile or not, it is known now.
    synchronized void noteRetry(Scene.Attempt attempt, boolean stored, Door.Reply reply) {
        write(attempt, reply);
        if (reply.received()) {
            acknowledged.add(new Acknowledged(attempt, reply.vote(), reply.day(), reply.body()));
            if (!stored) {
                received.accept(attempt.song());
            }
        }
    }

    /// The same request once more, after it had been answered.
    synchronized void noteReplay(Acknowledged first, Door.Reply again) {
        if (again.open()) {
            return;
        }
        replayed++;
        if (!again.received() || !again.body().equals(first.body())) {
            odd("the answer was %s, and is now %d %s".formatted(first.body(), again.status(), again.body()));
        }
    }

    synchronized void odd(String what) {
        if (oddities.size() < 1_000) {
            oddities.add(what);
        }
    }

    synchronized int acknowledgedSoFar() {
        return acknowledged.size();
    }

    synchronized List<Acknowledged> acknowledgedSince(int first) {
        return List.copyOf(acknowledged.subList(first, acknowledged.size()));
    }

    synchronized List<Scene.Attempt> takeOpen() {
        var taken = List.copyOf(open);
        open.clear();
        return taken;
    }

    synchronized List<String> oddities() {
        return List.copyOf(oddities);
    }

    synchronized long refused() {
        return refused;
    }

    synchronized long replayed() {
        return replayed;
    }

    synchronized long busy() {
        return busyAfter.size();
    }

    synchronized long busyWithoutRetryAfter() {
        return busyWithoutRetryAfter;
    }

    /// In how many milliseconds 99 of 100 were told to come back later.
    synchronized long busyP99() {
        var sorted = busyAfter.stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get(sorted.size() * 99 / 100).toMillis();
    }

    private void write(Scene.Attempt attempt, Door.Reply reply) {
        try {
            file.write("%d\t%d\t%s\t%d\t%s\n"
                    .formatted(
                            attempt.voter(),
                            attempt.song(),
                            attempt.key(),
                            reply.status(),
                            reply.body().replaceAll("\\s", " ")));
            file.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
