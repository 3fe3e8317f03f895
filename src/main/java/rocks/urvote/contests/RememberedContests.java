package rocks.urvote.contests;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.operations.News;
import rocks.urvote.operations.NewsLine;

/// Keeps each contest until its trigger tells of a change.
///
/// What was told of is read before it is shown again. What is only old (the line of news is down, or a notification
/// went astray) is read again too, but a database that does not answer soon is not waited for.
@Component
final class RememberedContests implements LiveContests, News {

    private static final long OLDEST = Duration.ofSeconds(30).toNanos();
    private static final long OLDEST_WITHOUT_NEWS = Duration.ofSeconds(1).toNanos();
    private static final long PATIENCE = Duration.ofMillis(250).toNanos();

    private final Cache<ContestId, Known> known =
            Caffeine.newBuilder().maximumSize(10_000).build();
    private final ConcurrentHashMap<ContestId, Reading> underWay = new ConcurrentHashMap<>();
    private final AtomicLong heard = new AtomicLong();
    private final StoredContests stored;
    private final Transactions transactions;
    private final NewsLine line;

    RememberedContests(StoredContests stored, Transactions transactions, NewsLine line) {
        this.stored = stored;
        this.transactions = transactions;
        this.line = line;
    }

    /// What the database said, when by its clock and when by ours, which only ever runs forward.
    private record Known(Optional<Contest> contest, Instant then, long read, Trust trust) {

        Optional<Contest> now() {
            var passed = System.nanoTime() - read;
            return contest.map(found -> found.at(then.plusNanos(passed)));
        }

        Known trusted(Trust less) {
            return trust == Trust.NONE ? this : new Known(contest, then, read, less);
        }
    }

    private enum Trust {
        FULL,
        /// Something may have been missed.
        LITTLE,
        /// It is known to have changed.
        NONE
    }

    /// One for all who wait for it.
    private record Reading(long began, CompletableFuture<Known> outcome) {}

    @Override
    public Optional<Contest> find(ContestId contest) {
        var last = known.getIfPresent(contest);
        return (last != null && fresh(last) ? last : again(contest, last)).now();
    }

    private boolean fresh(Known last) {
        var age = System.nanoTime() - last.read();
        return last.trust() == Trust.FULL && age < (line.connected() ? OLDEST : OLDEST_WITHOUT_NEWS);
    }

    private Known again(ContestId contest, @Nullable Known last) {
        var reading = underWay.computeIfAbsent(contest, this::begin);
        try {
            return last == null || last.trust() == Trust.NONE
                    ? reading.outcome().join()
                    : reading.outcome()
                            .get(Math.max(0, PATIENCE - (System.nanoTime() - reading.began())), TimeUnit.NANOSECONDS);
        } catch (CompletionException | ExecutionException failed) {
            return lastKnown(contest, last, failed);
        } catch (TimeoutException slow) {
            return lastKnown(contest, last, slow);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return lastKnown(contest, last, stopped);
        }
    }

    private static Known lastKnown(ContestId contest, @Nullable Known last, Exception why) {
        if (last == null) {
            throw why.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException("%s could not be read".formatted(contest), why);
        }
        return last;
    }

    private Reading begin(ContestId contest) {
        var reading = new Reading(System.nanoTime(), new CompletableFuture<>());
        Thread.ofVirtual().name("contest-", contest.value()).start(() -> read(contest, reading));
        return reading;
    }

    /// Kept only if nothing was heard meanwhile; who reads it now gets it all the same.
    private void read(ContestId contest, Reading reading) {
        try {
            var before = heard.get();
            var fresh = transactions.as(Acting.LOOKUP, () -> {
                var began = System.nanoTime();
                var then = stored.clock();
                var between = began + (System.nanoTime() - began) / 2;
                return new Known(stored.find(contest), then, between, Trust.FULL);
            });
            known.put(contest, heard.get() == before ? fresh : fresh.trusted(Trust.LITTLE));
            if (heard.get() != before) {
                known.asMap().computeIfPresent(contest, (id, one) -> one.trusted(Trust.LITTLE));
            }
            underWay.remove(contest, reading);
            reading.outcome().complete(fresh);
        } catch (RuntimeException | Error e) {
            underWay.remove(contest, reading);
            reading.outcome().completeExceptionally(e);
        }
    }

    @Override
    public String channel() {
        return "urvote_contests";
    }

    /// Who asks from now on begins a reading of their own: the one under way may not see the change.
    @Override
    public void hear(String payload) {
        var contest = new ContestId(Long.parseLong(payload));
        heard.incrementAndGet();
        underWay.remove(contest);
        known.asMap().computeIfPresent(contest, (id, last) -> last.trusted(Trust.NONE));
    }

    @Override
    public void catchUp() {
        heard.incrementAndGet();
        underWay.clear();
        known.asMap().replaceAll((id, last) -> last.trusted(Trust.LITTLE));
    }
}
