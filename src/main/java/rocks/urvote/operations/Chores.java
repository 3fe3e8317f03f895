package rocks.urvote.operations;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;

/// Does each [Chore] when it is due, if no other node is at it. The right to do one is an advisory lock of a
/// connection, and ends with it: a node that is killed leaves none behind.
@Component
final class Chores implements ChoreBook, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(Chores.class);

    private static final Duration BEAT = Duration.ofSeconds(10);
    private static final Duration STOPPING = Duration.ofSeconds(5);
    private static final int SHOWN = 10;

    private final List<Chore> chores;
    private final JdbcConnectionDetails database;
    private final ChoreLog book;
    private final Transactions transactions;
    private final ApplicationEventPublisher facts;
    private final Clock clock;
    private final ChoreMetrics metrics;
    private final String node;
    private final ScheduledExecutorService beat = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("chores").factory());
    private final ExecutorService hands = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("chore-", 1).factory());
    private final Set<String> inHand = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Instant start;
    private volatile boolean stopping;

    Chores(
            ObjectProvider<Chore> chores,
            JdbcConnectionDetails database,
            ChoreLog book,
            Transactions transactions,
            ApplicationEventPublisher facts,
            Clock clock,
            MeterRegistry registry,
            Environment environment) {
        this.chores = chores.stream().sorted(Comparator.comparing(Chore::name)).toList();
        this.database = database;
        this.book = book;
        this.transactions = transactions;
        this.facts = facts;
        this.clock = clock;
        this.metrics = new ChoreMetrics(registry);
        this.node = machine()
                + Optional.ofNullable(environment.getProperty("server.port"))
                        .map(port -> ":" + port)
                        .orElse(", urvote maintain");
    }

    void start() {
        var _ = beat.scheduleWithFixedDelay(this::look, 0, BEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            beginDue();
        } catch (RuntimeException e) {
            if (!stopping) {
                log.warn("It could not be seen which chores are due; the next look is in {}", BEAT, e);
            }
        }
    }

    /// Begins each chore that is due.
    void beginDue() {
        var standings = book.standings(chores);
        for (var chore : chores) {
            var standing = Objects.requireNonNull(standings.get(chore.name()), chore.name());
            var due = standing.due(chore.schedule(), started(standing.now()));
            metrics.seen(chore.name(), standing, due);
            if (!due.isAfter(standing.now())) {
                begin(chore, true);
            }
        }
    }

    private Instant started(Instant now) {
        var known = start;
        if (known == null) {
            start = now;
            return now;
        }
        return known;
    }

    private void begin(Chore chore, boolean ifDue) {
        if (stopping || !inHand.add(chore.name())) {
            return;
        }
        hands.execute(() -> {
            try {
                var _ = doUnlessAnotherNodeDoes(chore, ifDue);
            } catch (SQLException | RuntimeException e) {
                if (!stopping) {
                    log.warn("The chore '{}' could not be begun, or not be written down", chore.name(), e);
                }
            } finally {
                inHand.remove(chore.name());
            }
        });
    }

    /// Does it where it stands; empty where another node is at it, or has just done it. A chore that fails is
    /// told of in the log and tried again.
    Optional<Run> doUnlessAnotherNodeDoes(Chore chore, boolean ifDue) throws SQLException {
        var lock = ChoreLock.take(database, chore.name());
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        try (var _ = lock.get()) {
            return ifDue && !isDue(chore) ? Optional.empty() : Optional.of(done(chore));
        }
    }

    /// The same look again, by whoever has the lock.
    boolean isDue(Chore chore) {
        var standing = book.standing(chore);
        return !standing.due(chore.schedule(), started(standing.now())).isAfter(standing.now());
    }

    private Run done(Chore chore) {
        var run = book.begin(chore, node);
        try {
            var did = chore.run();
            book.end(chore, run, Outcome.DONE, did);
        } catch (Exception e) {
            if (stopping) {
                // To write it down is still wanted, whatever else was interrupted.
                var _ = Thread.interrupted();
                book.end(chore, run, Outcome.BROKEN_OFF, "The node was stopped in the middle of it.");
            } else {
                book.end(chore, run, Outcome.FAILED, reason(e));
                log.warn("The chore '{}' failed and is tried again", chore.name(), e);
            }
        }
        var standing = book.standing(chore);
        metrics.seen(chore.name(), standing, standing.due(chore.schedule(), started(standing.now())));
        return standing.last().orElseThrow();
    }

    static String reason(Exception e) {
        var message = Optional.ofNullable(e.getMessage()).map(String::strip).orElse("");
        return message.isEmpty() ? e.getClass().getSimpleName() : e.getClass().getSimpleName() + ": " + message;
    }

    /// Whether nothing is in hand on this node.
    boolean idle() {
        return inHand.isEmpty();
    }

    List<Chore> all() {
        return chores;
    }

    Optional<Chore> named(String name) {
        return chores.stream().filter(chore -> chore.name().equals(name)).findFirst();
    }

    @Override
    public List<Entry> entries() {
        var standings = book.standings(chores);
        var runs = book.runs(chores, SHOWN);
        return chores.stream()
                .map(chore -> {
                    var standing = Objects.requireNonNull(standings.get(chore.name()), chore.name());
                    return new Entry(
                            chore.name(),
                            chore.schedule().words(),
                            standing.due(chore.schedule(), started(standing.now())),
                            standing.failures(),
                            runs.getOrDefault(chore.name(), List.of()));
                })
                .toList();
    }

    @Override
    public Optional<Run> lastDone(String chore) {
        return metrics.lastDone(chore);
    }

    @Override
    public Begun begin(String name, Acting asking) {
        var known = named(name);
        if (known.isEmpty()) {
            return Begun.UNKNOWN;
        }
        if (inHand.contains(name) || isLockedElsewhere(known.get())) {
            return Begun.UNDER_WAY;
        }
        transactions.as(asking, () -> facts.publishEvent(new ChoreAsked(name, clock.instant())));
        begin(known.get(), false);
        return Begun.BEGUN;
    }

    private boolean isLockedElsewhere(Chore chore) {
        try {
            var lock = ChoreLock.take(database, chore.name());
            if (lock.isPresent()) {
                lock.get().close();
            }
            return lock.isEmpty();
        } catch (SQLException e) {
            throw new IllegalStateException("The database does not say who is at '%s'".formatted(chore.name()), e);
        }
    }

    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "process " + ProcessHandle.current().pid();
        }
    }

    /// What is in hand is broken off, and done again by whoever is there next.
    @Override
    public void destroy() throws InterruptedException {
        stopping = true;
        beat.shutdownNow();
        hands.shutdownNow();
        var _ = hands.awaitTermination(STOPPING.toMillis(), TimeUnit.MILLISECONDS);
    }
}
