package rocks.urvote.operations.figures;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import rocks.urvote.kernel.Sql;
import rocks.urvote.operations.BackupStanding;
import rocks.urvote.operations.Premises;
import rocks.urvote.operations.backups.BackupKeeping;

/// The figures at `/metrics`: `urvote_database_…`, `urvote_table_…`, `urvote_volume_…`, `urvote_backup_…` and so on,
/// as `docs/monitoring.md` has them.
///
/// Measured in the background every so often and not when they are asked for, so that it costs the database the same
/// whoever scrapes how often. What cannot be measured keeps its last value, and `urvote_database_up` says so.
final class FigureMetrics implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(FigureMetrics.class);

    private static final int STATEMENTS = 50;

    /// Each costs money.
    private static final Duration A_LOOK_INTO_A_BUCKET = Duration.ofMinutes(10);

    private final Premises premises;
    private final Duration every;
    private final MeterRegistry registry;
    private final Gauges tableBytes;
    private final Gauges indexBytes;
    private final Gauges rows;
    private final Gauges deadRows;
    private final Gauges growth;
    private final Gauges volumeBytes;
    private final Gauges volumeFree;
    private final Gauges volumeDays;
    private final Gauges connections;
    private final Gauges outboxWaiting;
    private final Gauges outboxOldest;
    private final Gauges statementTime;
    private final Gauges statementCalls;

    private @Nullable ScheduledExecutorService clock;
    private volatile boolean up;
    private volatile @Nullable Instant measuredAt;
    private volatile @Nullable Sizes sizes;
    private volatile @Nullable Activity activity;
    private volatile @Nullable Integer missingMonths;
    private volatile @Nullable Replica replica;
    private volatile @Nullable BackupStanding backups;

    FigureMetrics(Premises premises, FiguresSettings settings, MeterRegistry registry) {
        this.premises = premises;
        this.every = settings.figuresEvery();
        this.registry = registry;
        this.tableBytes = many("urvote.table", "bytes", "A table without its indexes, with its partitions");
        this.indexBytes = many("urvote.table.index", "bytes", "The indexes of a table, with its partitions'");
        this.rows = many("urvote.table.rows", null, "The rows of a table, as PostgreSQL estimates them");
        this.deadRows = many("urvote.table.dead.rows", null, "The rows of a table that wait for a vacuum");
        this.growth = many("urvote.table.growth", "bytes", "What a table grew by on a day of the last week");
        this.volumeBytes = many("urvote.volume", "bytes", "A disk with things of UrVote on it");
        this.volumeFree = many("urvote.volume.free", "bytes", "What is free of it for UrVote");
        this.volumeDays = many(
                "urvote.volume.full",
                "days",
                "In how many days it is full at this growth; absent where it does not grow");
        this.connections =
                many("urvote.database.connections", null, "Connections to the database's server, by what they do");
        this.outboxWaiting = many("urvote.outbox.waiting", null, "Facts that somebody has still to hear of");
        this.outboxOldest = many("urvote.outbox.oldest", "seconds", "For how long the oldest of them has waited");
        this.statementTime =
                many("urvote.statement", "seconds", "Time that PostgreSQL has spent on the statements of one origin");
        this.statementCalls = many("urvote.statement.calls", null, "How often it was asked them");
        database();
        replica();
        backups();
    }

    private Gauges many(String name, @Nullable String unit, String description) {
        return new Gauges(registry, name, unit, description);
    }

    private void database() {
        one(
                "urvote.database.up",
                null,
                "Whether the database answered the last time it was asked",
                () -> up ? 1.0 : 0.0);
        one(
                "urvote.database.figures.age",
                "seconds",
                "Since when the database has told no figures",
                () -> of(measuredAt, at -> Duration.between(at, Instant.now()).toMillis() / 1e3));
        one("urvote.database", "bytes", "The whole database", () -> of(sizes, Sizes::bytes));
        one(
                "urvote.database.growth",
                "bytes",
                "What all tables grew by on a day of the last week",
                () -> of(
                        sizes,
                        known -> known.bytesADay().isPresent()
                                ? known.bytesADay().getAsLong()
                                : Double.NaN));
        one(
                "urvote.database.unused.indexes",
                null,
                "Indexes that no statement has used and that hold no rule",
                () -> of(sizes, known -> known.unused().size()));
        one(
                "urvote.database.unused.index",
                "bytes",
                "What they take",
                () -> of(
                        sizes,
                        known -> known.unused().stream()
                                .mapToLong(Sizes.UnusedIndex::bytes)
                                .sum()));
        one(
                "urvote.database.connections.max",
                null,
                "Connections for which the server has room",
                () -> of(activity, Activity::room));
        one(
                "urvote.database.waiting",
                null,
                "Sessions that wait for a lock",
                () -> of(activity, known -> known.waiting().size()));
        one(
                "urvote.database.longest.wait",
                "seconds",
                "How long one of them has waited at most",
                () -> of(activity, known -> known.longestWait().toMillis() / 1e3));
        one(
                "urvote.database.longest.transaction",
                "seconds",
                "The age of the oldest transaction",
                () -> of(activity, known -> known.longestTransaction().toMillis() / 1e3));
        one(
                "urvote.database.transaction.ids",
                null,
                "Transactions since the oldest row that is not frozen; the server stops at two billion",
                () -> of(activity, Activity::transactionIds));
        one(
                "urvote.database.replicas",
                null,
                "Servers that follow the database",
                () -> of(activity, Activity::replicas));
        one(
                "urvote.database.clock.difference",
                "seconds",
                "What this machine's clock is behind the database's; with a minus, ahead",
                () -> of(activity, known -> known.clockBehind().toMillis() / 1e3));
        one(
                "urvote.months.missing",
                null,
                "Months that votes may come to and that have no partition",
                () -> of(missingMonths, Integer::doubleValue));
        FunctionCounter.builder("urvote.database.deadlocks", this, now -> of(now.activity, Activity::deadlocks))
                .description("Deadlocks in the database")
                .register(registry);
    }

    private void replica() {
        if (premises.replica().isEmpty()) {
            return;
        }
        one(
                "urvote.replica.up",
                null,
                "Whether the replica follows",
                () -> of(replica, known -> known instanceof Replica.Following ? 1 : 0));
        one(
                "urvote.replica.lag",
                "seconds",
                "How old is what it replayed last; 0 where it has replayed everything",
                () -> of(
                        replica,
                        known -> known instanceof Replica.Following(var _, Duration lag)
                                ? lag.toMillis() / 1e3
                                : Double.NaN));
        one(
                "urvote.replica.behind",
                "bytes",
                "What it has not replayed of the journal",
                () -> of(replica, known -> known instanceof Replica.Following(long bytes, var _) ? bytes : Double.NaN));
    }

    private void backups() {
        one(
                "urvote.backup.expected",
                null,
                "Whether UrVote makes a backup every day",
                () -> of(backups, known -> known.daily() ? 1 : 0));
        one("urvote.backups", null, "Backups in their folder or bucket", () -> of(backups, BackupStanding::count));
        one(
                "urvote.backup.newest",
                "bytes",
                "The newest backup",
                () -> of(backups, known -> known.newest().isPresent() ? known.bytes() : Double.NaN));
        one(
                "urvote.backup.newest.timestamp",
                "seconds",
                "When the newest backup was made",
                () -> of(backups, known -> epoch(known.newest())));
        one(
                "urvote.backup.proved.timestamp",
                "seconds",
                "When the newest of those was made that a restore has proved",
                () -> of(backups, known -> epoch(known.newestProved())));
    }

    private static double epoch(Optional<Instant> at) {
        return at.map(instant -> instant.toEpochMilli() / 1e3).orElse(Double.NaN);
    }

    private void one(String name, @Nullable String unit, String description, Supplier<Number> value) {
        Gauge.builder(name, value)
                .baseUnit(unit)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    /// What is not known yet is no number.
    private static <T> double of(@Nullable T known, ToDoubleFunction<T> value) {
        return known == null ? Double.NaN : value.applyAsDouble(known);
    }

    /// One look. Each part by itself, as a table that somebody has locked hides its size and no more.
    void look() {
        boolean answered = false;
        try (var connection = premises.login().connect()) {
            var db = Sql.on(new SingleConnectionDataSource(connection, true));
            var measurements = new Measurements(db);
            active(measurements.activity());
            answered = true;
            measuredAt = Instant.now();
            up = true;
            missingMonths = measurements.missingMonths();
            premises.replica().ifPresent(url -> replica = Replica.of(url, db));
            statements(Statements.of(db, premises.login(), STATEMENTS));
            outboxes(measurements.outboxes());
            sizes(measurements.sizes(), measurements);
        } catch (SQLException | DataAccessException e) {
            up = answered;
            log.debug("The database does not tell all its figures", e);
        } catch (RuntimeException e) {
            log.warn("The figures could not be measured", e);
        }
    }

    /// By itself: a bucket far away may take its time to answer, or not answer at all.
    void lookAtBackups() {
        try {
            var now = BackupKeeping.standing(premises.backups());
            if (now.seen() || backups == null) {
                backups = now;
            }
        } catch (RuntimeException e) {
            log.warn("The backups could not be looked at", e);
        }
    }

    private void active(Activity now) {
        activity = now;
        show(
                connections,
                now.connections().entrySet(),
                each -> Tags.of("state", each.getKey().replace(' ', '_')),
                Map.Entry::getValue);
    }

    private void sizes(Sizes now, Measurements measurements) {
        sizes = now;
        show(tableBytes, now.tables(), FigureMetrics::tags, TableSize::tableBytes);
        show(indexBytes, now.tables(), FigureMetrics::tags, TableSize::indexBytes);
        show(rows, now.tables(), FigureMetrics::tags, TableSize::rows);
        show(deadRows, now.tables(), FigureMetrics::tags, TableSize::deadRows);
        show(
                growth,
                now.tables().stream().filter(table -> table.bytesADay() != null).toList(),
                FigureMetrics::tags,
                table -> orNone(table.bytesADay()));
        var volumes = Volume.of(premises, now.bytesADay(), measurements.uploadsADay());
        show(volumeBytes, volumes, FigureMetrics::tags, Volume::bytes);
        show(volumeFree, volumes, FigureMetrics::tags, Volume::free);
        show(
                volumeDays,
                volumes.stream()
                        .filter(volume -> volume.fullInDays().isPresent())
                        .toList(),
                FigureMetrics::tags,
                volume -> volume.fullInDays().orElse(0));
    }

    private void outboxes(Map<String, Report.Outbox> now) {
        show(
                outboxWaiting,
                now.entrySet(),
                each -> Tags.of("schema", each.getKey()),
                each -> each.getValue().waiting());
        show(
                outboxOldest,
                now.entrySet(),
                each -> Tags.of("schema", each.getKey()),
                each -> each.getValue().oldestSeconds());
    }

    /// Those of UrVote, added up by where they come from.
    private void statements(Statements now) {
        var byOrigin = new TreeMap<String, Cost>();
        if (now instanceof Statements.Counted(List<Statements.Statement> counted)) {
            for (var each : counted) {
                if (!each.origin().isEmpty()) {
                    byOrigin.merge(each.origin(), new Cost(each.all(), each.calls()), Cost::plus);
                }
            }
        }
        show(
                statementTime,
                byOrigin.entrySet(),
                each -> Tags.of("origin", each.getKey()),
                each -> each.getValue().time().toMillis() / 1e3);
        show(
                statementCalls,
                byOrigin.entrySet(),
                each -> Tags.of("origin", each.getKey()),
                each -> each.getValue().calls());
    }

    private record Cost(Duration time, long calls) {

        Cost plus(Cost other) {
            return new Cost(time.plus(other.time), calls + other.calls);
        }
    }

    private static <T> void show(
            Gauges gauges, Iterable<T> things, Function<T, Tags> tags, Function<T, ? extends Number> value) {
        var values = new HashMap<Tags, Number>();
        things.forEach(thing -> values.put(tags.apply(thing), value.apply(thing)));
        gauges.show(values);
    }

    private static Tags tags(TableSize table) {
        return Tags.of("schema", table.schema(), "table", table.name());
    }

    private static Tags tags(Volume volume) {
        return Tags.of("volume", String.join("+", volume.holds()));
    }

    private static Number orNone(@Nullable Long number) {
        return number == null ? Double.NaN : number;
    }

    @Override
    public void start() {
        var started = Executors.newScheduledThreadPool(
                2, Thread.ofVirtual().name("figures-", 0).factory());
        clock = started;
        var _ = started.scheduleWithFixedDelay(this::look, 0, every.toMillis(), TimeUnit.MILLISECONDS);
        var backupsEvery = premises.backups().bucket().isPresent() ? max(every, A_LOOK_INTO_A_BUCKET) : every;
        var _ = started.scheduleWithFixedDelay(this::lookAtBackups, 0, backupsEvery.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    @Override
    public void stop() {
        if (clock != null) {
            clock.shutdownNow();
            clock = null;
        }
    }

    @Override
    public boolean isRunning() {
        return clock != null;
    }
}
