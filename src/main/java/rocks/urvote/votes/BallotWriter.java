package rocks.urvote.votes;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import rocks.urvote.kernel.UserId;
import rocks.urvote.votes.BallotBatch.Numbered;
import rocks.urvote.votes.Ruling.AlreadyVoted;
import rocks.urvote.votes.Ruling.Busy;
import rocks.urvote.votes.Ruling.DailyLimitReached;

/// Writes what waits in its queue, as many at a time as are there: while one batch is on its way to the disk, the next
/// one gathers. Under little load a batch is one vote, and nobody waits for company.
final class BallotWriter implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(BallotWriter.class);

    private static final int LARGEST_BATCH = 256;
    private static final int MOST_HELD = 1024;
    private static final int TRIES = 2;
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

    /// A ballot, since when it waits, and where its ruling is waited for.
    private record Waiting(Ballot ballot, long since, CompletableFuture<Ruling> ruling) {}

    private final LinkedBlockingQueue<Waiting> queue;
    private final BallotConnection connection;
    private final BallotBatch batches;
    private final VoteIds ids;
    private final Partitions partitions;
    private final BallotBoxMetrics metrics;
    private final AtomicInteger inside = new AtomicInteger();
    private volatile boolean closed;

    BallotWriter(
            int queueLength,
            BallotConnection connection,
            BallotBatch batches,
            VoteIds ids,
            Partitions partitions,
            BallotBoxMetrics metrics) {
        this.queue = new LinkedBlockingQueue<>(queueLength);
        this.connection = connection;
        this.batches = batches;
        this.ids = ids;
        this.partitions = partitions;
        this.metrics = metrics;
    }

    /// Waits, without a timer, for what becomes of it; a full or closed queue says so at once.
    Ruling cast(Ballot ballot) {
        var waiting = new Waiting(ballot, System.nanoTime(), new CompletableFuture<>());
        if (closed || !queue.offer(waiting) || (closed && queue.remove(waiting))) {
            return metrics.ruled(new Busy());
        }
        inside.incrementAndGet();
        try {
            return metrics.ruled(waiting.ruling().join());
        } catch (CompletionException e) {
            metrics.failed();
            throw e;
        } finally {
            inside.decrementAndGet();
        }
    }

    /// How many wait, in the queue or on their way to the disk.
    int inside() {
        return inside.get();
    }

    boolean closed() {
        return closed;
    }

    /// Takes no more, and ends once everything that waits is decided.
    void close() {
        closed = true;
    }

    @Override
    public void run() {
        var held = new ArrayDeque<Waiting>();
        while (!closed || !queue.isEmpty() || !held.isEmpty()) {
            try {
                var batch = nextBatch(held);
                if (!batch.isEmpty()) {
                    decide(batch);
                }
            } catch (InterruptedException e) {
                // Only closing ends a writer, so that nobody is left waiting.
                log.debug("A writer was interrupted and goes on");
            } catch (RuntimeException | Error e) {
                log.error("A writer failed and goes on", e);
            }
        }
        connection.close();
    }

    /// One voter comes once in a batch: whatever else they wait for is held for the next, which knows what became of
    /// the first.
    private List<Waiting> nextBatch(ArrayDeque<Waiting> held) throws InterruptedException {
        var taken = new ArrayList<>(held);
        held.clear();
        try {
            return nextBatch(taken, held);
        } catch (RuntimeException | Error e) {
            held.clear();
            taken.forEach(waiting -> tell(waiting, null));
            throw e;
        }
    }

    private List<Waiting> nextBatch(List<Waiting> taken, ArrayDeque<Waiting> held) throws InterruptedException {
        if (taken.isEmpty()) {
            var first = queue.poll(100, TimeUnit.MILLISECONDS);
            if (first == null) {
                return List.of();
            }
            taken.add(first);
        }
        if (taken.size() < MOST_HELD) {
            queue.drainTo(taken, LARGEST_BATCH);
        }
        var batch = new ArrayList<Waiting>(Math.min(taken.size(), LARGEST_BATCH));
        var voters = new HashSet<UserId>();
        var now = System.nanoTime();
        for (var waiting : taken) {
            if (now - waiting.since() > PATIENCE) {
                tell(waiting, new Busy());
            } else if (batch.size() < LARGEST_BATCH
                    && voters.add(waiting.ballot().voter())) {
                batch.add(waiting);
            } else {
                held.add(waiting);
            }
        }
        return batch;
    }

    private void decide(List<Waiting> batch) {
        var begun = System.nanoTime();
        try {
            var numbered = ids.number(batch.stream().map(Waiting::ballot).toList(), connection.get());
            var rulings = rule(numbered, TRIES);
            for (var i = 0; i < batch.size(); i++) {
                tell(batch.get(i), rulings.get(numbered.get(i).vote()));
            }
        } catch (SQLException e) {
            log.warn("{} votes were not taken: {}", batch.size(), e.getMessage());
            connection.close();
            batch.forEach(waiting -> tell(waiting, new Busy()));
        } catch (RuntimeException | Error e) {
            // Nobody is left waiting, whatever it was; and what it left in the connection, nobody knows.
            batch.forEach(waiting -> tell(waiting, null));
            connection.close();
            log.error("{} votes could not be decided", batch.size(), e);
        }
        metrics.wrote(batch.size(), System.nanoTime() - begun);
    }

    private static void tell(Waiting waiting, @Nullable Ruling ruling) {
        if (ruling == null) {
            waiting.ruling().completeExceptionally(new IllegalStateException("A vote could not be decided"));
        } else {
            waiting.ruling().complete(ruling);
        }
    }

    /// Casts the batch. One that the database cannot take at all is missing from the answer.
    private Map<VoteId, Ruling> rule(List<Numbered> ballots, int tries) {
        try {
            return batches.cast(ballots, connection.get());
        } catch (SQLException e) {
            return switch (Fault.of(e)) {
                case OVERLOAD -> busy(ballots, e);
                case CONNECTION -> tries == 0 ? lost(ballots, e) : afterAsking(ballots, e, tries - 1);
                case NO_PARTITION -> tries == 0 ? busy(ballots, e) : withPartitions(ballots, tries - 1);
                case SAME_KEY_ELSEWHERE -> tries == 0 ? halved(ballots, e) : rule(ballots, tries - 1);
                case DATA -> halved(ballots, e);
            };
        }
    }

    /// Until the one that the database cannot take stands alone, and the others are in.
    private Map<VoteId, Ruling> halved(List<Numbered> ballots, SQLException failure) {
        if (ballots.size() == 1) {
            log.error("A vote could not be stored", failure);
            return Map.of();
        }
        log.warn("A batch of {} votes failed and is halved: {}", ballots.size(), failure.getMessage());
        var rulings = new HashMap<>(rule(ballots.subList(0, ballots.size() / 2), TRIES));
        rulings.putAll(rule(ballots.subList(ballots.size() / 2, ballots.size()), TRIES));
        return rulings;
    }

    private Map<VoteId, Ruling> withPartitions(List<Numbered> ballots, int tries) {
        try {
            partitions.makeForToday();
        } catch (DataAccessException e) {
            return busy(ballots, e);
        }
        return rule(ballots, tries);
    }

    /// After a lost connection nobody knows what became of the batch, so it is asked for before it is cast again. The
    /// lost transaction may even end in between: then it shows in what the next try refuses.
    private Map<VoteId, Ruling> afterAsking(List<Numbered> ballots, SQLException lost, int tries) {
        log.warn("The ballot box lost its connection and tries again: {}", lost.getMessage());
        connection.close();
        try {
            var rulings = new HashMap<>(batches.stored(ballots, connection.get()));
            var missing = ballots.stream()
                    .filter(each -> !rulings.containsKey(each.vote()))
                    .toList();
            if (!missing.isEmpty()) {
                rulings.putAll(rule(missing, tries));
                if (rulings.values().stream().anyMatch(BallotWriter::mayBeItsOwn)) {
                    rulings.putAll(batches.stored(missing, connection.get()));
                }
            }
            return rulings;
        } catch (SQLException e) {
            return lost(ballots, e);
        }
    }

    /// Refused for want of a place that perhaps the vote itself has taken.
    private static boolean mayBeItsOwn(Ruling ruling) {
        return ruling instanceof AlreadyVoted || ruling instanceof DailyLimitReached;
    }

    private Map<VoteId, Ruling> lost(List<Numbered> ballots, SQLException e) {
        connection.close();
        return busy(ballots, e);
    }

    private static Map<VoteId, Ruling> busy(List<Numbered> ballots, Exception e) {
        log.warn("{} votes were not taken: {}", ballots.size(), e.getMessage());
        var rulings = new HashMap<VoteId, Ruling>();
        ballots.forEach(each -> rulings.put(each.vote(), new Busy()));
        return rulings;
    }

    /// What a failed batch failed of, told by its SQLSTATE (PostgreSQL, appendix A) and the table that goes with it.
    /// The sentence of the server is in whatever language it speaks.
    private enum Fault {
        /// The month has no partition yet: the clock went further than partitions were made ahead.
        NO_PARTITION,
        /// Another node answered the same `Idempotency-Key` a moment before.
        SAME_KEY_ELSEWHERE,
        /// Broken off, shut down, not there, or a serialization failure: all may be well a moment later.
        CONNECTION,
        /// Rolled back for want of room, memory or time.
        OVERLOAD,
        /// Something in the batch that the database does not take.
        DATA;

        static Fault of(SQLException e) {
            var state = Optional.ofNullable(e.getSQLState()).orElse("08000");
            var told = e instanceof PSQLException refused
                    ? Optional.ofNullable(refused.getServerErrorMessage())
                    : Optional.<ServerErrorMessage>empty();
            var table = told.map(ServerErrorMessage::getTable).orElse("");
            // For want of a month no constraint is broken, so none is named.
            if (state.equals("23514")
                    && Month.PARENTS.contains(table)
                    && told.map(ServerErrorMessage::getConstraint).isEmpty()) {
                return NO_PARTITION;
            }
            if (state.equals("23502") && table.equals("vote_answers")) {
                return SAME_KEY_ELSEWHERE;
            }
            return switch (state.substring(0, 2)) {
                case "08", "40" -> CONNECTION;
                case "57" -> state.equals("57014") ? OVERLOAD : CONNECTION;
                case "25", "53", "55", "58" -> OVERLOAD;
                default -> DATA;
            };
        }
    }
}
