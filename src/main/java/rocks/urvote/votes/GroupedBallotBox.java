package rocks.urvote.votes;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Votes are written many at a time, in one statement and one commit, because a transaction costs ten times what a vote
/// in it does. Each voter has one of the writers, so that two votes of one person never wait for each other's rows.
@Component
final class GroupedBallotBox implements BallotBox, InitializingBean, SmartLifecycle {

    private final List<BallotWriter> writers;
    private List<Thread> threads = List.of();

    GroupedBallotBox(
            VoteSettings settings,
            JdbcConnectionDetails database,
            BallotBatch batches,
            Partitions partitions,
            MeterRegistry registry) {
        var metrics = new BallotBoxMetrics(registry, this::inside, settings.voteQueue() * settings.voteWriters());
        this.writers = Stream.generate(() -> new BallotWriter(
                        settings.voteQueue(),
                        new BallotConnection(database),
                        batches,
                        new VoteIds(),
                        partitions,
                        metrics))
                .limit(settings.voteWriters())
                .toList();
    }

    @Override
    public Ruling cast(Ballot ballot) {
        return writers.get((int) (ballot.voter().value() % writers.size())).cast(ballot);
    }

    /// How many votes were taken and are not decided yet.
    int inside() {
        return writers.stream().mapToInt(BallotWriter::inside).sum();
    }

    /// Whether it takes no more.
    boolean closed() {
        return writers.stream().allMatch(BallotWriter::closed);
    }

    /// Open as soon as it is there: commands that cast votes have no lifecycle.
    @Override
    public void afterPropertiesSet() {
        threads = writers.stream()
                .map(writer -> Thread.ofPlatform().daemon().name("ballots-", 0).start(writer))
                .toList();
    }

    @Override
    public void start() {
        // It is open already.
    }

    /// After the web server, so that whoever came in before the stop is not refused. What waits is still written.
    @Override
    public int getPhase() {
        return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1;
    }

    @Override
    public void stop() {
        writers.forEach(BallotWriter::close);
        for (var thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        threads = List.of();
    }

    @Override
    public boolean isRunning() {
        return !threads.isEmpty();
    }
}
