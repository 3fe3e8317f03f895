package rocks.urvote.leaderboards;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rocks.urvote.leaderboards.Tallies.Standings;

/// One contest's standings in memory, read again by one at a time and never before somebody wants them.
///
/// What this node knows to have changed is shown within 250 ms. A read that fails or does not come back leaves what
/// was there: a board is shown also while the database is away. It never goes back to an older version.
final class LiveBoard {

    private static final Logger log = LoggerFactory.getLogger(LiveBoard.class);

    private static final long BREATH = Duration.ofMillis(100).toNanos();
    private static final long LATEST = Duration.ofMillis(200).toNanos();
    private static final long OLDEST = Duration.ofMillis(1500).toNanos();
    private static final long PATIENCE = Duration.ofSeconds(1).toNanos();
    private static final long PAUSE_AFTER_FAILURE = Duration.ofSeconds(1).toNanos();
    private static final long BETWEEN_DEMANDS = Duration.ofMillis(50).toNanos();
    private static final long NONE = 0;

    private final Supplier<Standings> source;

    /// When the first change came that no reading has begun after.
    private final AtomicLong unseen = new AtomicLong(NONE);

    private volatile @Nullable Snapshot shown;
    private volatile @Nullable Reading underWay;
    private volatile long lastBegan = System.nanoTime() - OLDEST;
    private volatile long lastFailed = System.nanoTime() - OLDEST;
    private volatile long lastWanted = System.nanoTime();

    LiveBoard(Supplier<Standings> source) {
        this.source = source;
    }

    /// The change this reading was begun for, and who waits for it.
    private record Reading(long began, long unseen, CompletableFuture<Snapshot> outcome) {}

    /// Told of a change, thousands of times a second.
    void changed() {
        if (unseen.get() == NONE) {
            unseen.compareAndSet(NONE, now());
        }
    }

    boolean wantedWithin(Duration time) {
        return System.nanoTime() - lastWanted < time.toNanos();
    }

    /// Keeps what somebody looks at from growing old.
    void refresh() {
        begin();
    }

    Snapshot current() {
        var now = now();
        if (now - lastWanted > BREATH) {
            lastWanted = now;
        }
        var snapshot = shown;
        if (snapshot == null) {
            return first();
        }
        if (unseen.get() == NONE && underWay == null && now - snapshot.read() < OLDEST) {
            return snapshot;
        }
        return now - lastFailed < PAUSE_AFTER_FAILURE ? snapshot : soonEnough(snapshot, now);
    }

    /// At least this version, if there is one anywhere. Anybody may ask for any number, so only so many are read for;
    /// the others share the next.
    Snapshot atLeast(long version) {
        var snapshot = current();
        var asked = now();
        while (snapshot.version() < version && snapshot.read() - asked < 0 && asked - lastFailed > 0) {
            var reading = underWay;
            if (reading == null) {
                var rest = lastBegan + BETWEEN_DEMANDS - now();
                if (rest > 0) {
                    LockSupport.parkNanos(rest);
                    if (Thread.currentThread().isInterrupted()) {
                        return snapshot;
                    }
                    continue;
                }
                reading = begin();
            }
            if (!await(reading)) {
                return latest(snapshot);
            }
            snapshot = latest(snapshot);
        }
        return snapshot;
    }

    private Snapshot soonEnough(Snapshot snapshot, long now) {
        var reading = underWay;
        if (reading == null && now - lastBegan > BREATH) {
            reading = begin();
        }
        if (now - behindSince(reading, snapshot) < LATEST) {
            return snapshot;
        }
        await(reading == null ? begin() : reading);
        return latest(snapshot);
    }

    /// Since when the snapshot is not the whole truth, as far as this node can know.
    private long behindSince(@Nullable Reading reading, Snapshot snapshot) {
        long change = reading != null && reading.unseen() != NONE ? reading.unseen() : unseen.get();
        long tooOld = snapshot.read() + OLDEST - LATEST;
        return change != NONE && change - tooOld < 0 ? change : tooOld;
    }

    private Snapshot first() {
        try {
            return begin().outcome().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private Snapshot latest(Snapshot otherwise) {
        var snapshot = shown;
        return snapshot == null ? otherwise : snapshot;
    }

    /// Waits, but not for a database that went away.
    private static boolean await(Reading reading) {
        var rest = PATIENCE - (now() - reading.began());
        if (rest <= 0) {
            return false;
        }
        try {
            reading.outcome().get(rest, TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized Reading begin() {
        var reading = underWay;
        if (reading == null) {
            var begun = new Reading(now(), unseen.getAndSet(NONE), new CompletableFuture<>());
            lastBegan = begun.began();
            underWay = begun;
            Thread.ofVirtual().name("board").start(() -> read(begun));
            return begun;
        }
        return reading;
    }

    private void read(Reading reading) {
        try {
            var landed = land(source.get(), reading.began());
            underWay = null;
            reading.outcome().complete(landed);
        } catch (RuntimeException | Error e) {
            lastFailed = now();
            if (reading.unseen() != NONE) {
                unseen.compareAndSet(NONE, reading.unseen());
            }
            underWay = null;
            reading.outcome().completeExceptionally(e);
            log.warn("A leaderboard stays as it was, because it could not be read: {}", e.getMessage());
        }
    }

    private Snapshot land(Standings standings, long began) {
        var before = shown;
        var now = before == null || (standings.version() >= before.version() && !standings.equals(before.standings()))
                ? new Snapshot(standings, began)
                : before.stillTrueAt(began);
        shown = now;
        return now;
    }

    /// Never the number that stands for none.
    private static long now() {
        return System.nanoTime() | 1;
    }
}
