package rocks.urvote.operations.figures;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What the figures mean to whoever runs UrVote: that a thing is well, or what to do next. From the same bounds
/// on as the alerts of `packaging/prometheus/urvote.rules.yml`.
///
/// @param well whether nothing is to be done
public record Finding(boolean well, String what) {

    private static final int DISK_PERCENT_FREE = 10;
    private static final int DISK_DAYS = 14;
    private static final double CONNECTIONS_USED = 0.9;
    private static final Duration A_LONG_WAIT = Duration.ofSeconds(30);
    private static final Duration A_LONG_TRANSACTION = Duration.ofHours(1);
    private static final long TRANSACTION_IDS = 1_200_000_000L;
    private static final long DEAD_ROWS = 10_000;
    private static final double DEAD_SHARE = 0.3;
    private static final double OUTBOX_SECONDS = 300;
    private static final Duration A_LONG_LAG = Duration.ofSeconds(30);

    static List<Finding> of(Report report) {
        var findings = new ArrayList<Finding>();
        findings.add(size(report.sizes()));
        report.volumes().stream().map(Finding::disk).forEach(findings::add);
        findings.add(sessions(report.activity()));
        findings.add(transactions(report.activity()));
        if (!report.sizes().locked()) {
            findings.add(deadRows(report.sizes()));
        }
        findings.add(outboxes(report));
        report.replica().map(Finding::replica).ifPresent(findings::add);
        return List.copyOf(findings);
    }

    private static Finding size(Sizes sizes) {
        if (sizes.locked()) {
            return todo("size: the database takes %s; somebody has locked a table, so there is no more to be measured"
                    .formatted(Bytes.text(sizes.bytes())));
        }
        var growth = sizes.bytesADay();
        return well("size: the database takes %s%s"
                .formatted(
                        Bytes.text(sizes.bytes()),
                        growth.isPresent()
                                ? ", and %s more a day".formatted(Bytes.text(growth.getAsLong()))
                                : "; what it grows by is known after a day"));
    }

    private static Finding disk(Volume volume) {
        var days = volume.fullInDays();
        var room = "disk of %s: %d %% free%s"
                .formatted(
                        volume.name(),
                        volume.freePercent(),
                        days.isPresent() ? ", full in %,d days at this growth".formatted(days.getAsLong()) : "");
        return volume.freePercent() < DISK_PERCENT_FREE || days.orElse(DISK_DAYS) < DISK_DAYS
                ? todo(room + "; make room, or give it more")
                : well(room);
    }

    private static Finding sessions(Activity activity) {
        var used = "sessions: %d of %d connections are used, %d wait for a lock"
                .formatted(activity.used(), activity.room(), activity.waiting().size());
        if (activity.used() > CONNECTIONS_USED * activity.room()) {
            return todo(used + "; lower URVOTE_POOL_MAX or raise max_connections");
        }
        return activity.longestWait().compareTo(A_LONG_WAIT) > 0
                ? todo(used
                        + ", one for %d s; 'urvote sizes' says behind whom"
                                .formatted(activity.longestWait().toSeconds()))
                : well(used);
    }

    private static Finding transactions(Activity activity) {
        if (activity.transactionIds() > TRANSACTION_IDS) {
            return todo("transactions: %,d since the oldest row that is not frozen, of two billion; run 'vacuum freeze'"
                    .formatted(activity.transactionIds()));
        }
        var longest = activity.longestTransaction();
        return longest.compareTo(A_LONG_TRANSACTION) > 0
                ? todo("transactions: one is open for %d minutes, and keeps dead rows; see pg_stat_activity, and end it"
                        .formatted(longest.toMinutes()))
                : well("transactions: none is open for long, and their ids last");
    }

    private static Finding deadRows(Sizes sizes) {
        var dead = sizes.tables().stream()
                .filter(table -> table.deadRows() > DEAD_ROWS && table.deadRows() > DEAD_SHARE * table.rows())
                .map(TableSize::fullName)
                .collect(Collectors.joining(", "));
        return dead.isEmpty()
                ? well("vacuum: dead rows are cleared away")
                : todo("vacuum: %s hold many dead rows; see whether autovacuum is on, and run 'vacuum (analyze)'"
                        .formatted(dead));
    }

    private static Finding outboxes(Report report) {
        var late = report.outboxes().entrySet().stream()
                .filter(each -> each.getValue().oldestSeconds() > OUTBOX_SECONDS)
                .map(each -> "%d in %s".formatted(each.getValue().waiting(), each.getKey()))
                .collect(Collectors.joining(", "));
        return late.isEmpty()
                ? well("outbox: every fact was heard")
                : todo(
                        "outbox: facts wait for more than five minutes (%s); the log says why, a restart offers them again"
                                .formatted(late));
    }

    private static Finding replica(Replica replica) {
        return switch (replica) {
            case Replica.Away(String why) -> todo("replica: " + why);
            case Replica.Following(long bytes, Duration lag) -> {
                var lags = "replica: %s and %d s behind".formatted(Bytes.text(bytes), lag.toSeconds());
                yield lag.compareTo(A_LONG_LAG) > 0
                        ? todo(lags + "; see what it waits for: a long query, its disk, or the network")
                        : well(lags);
            }
        };
    }

    private static Finding well(String what) {
        return new Finding(true, what);
    }

    private static Finding todo(String what) {
        return new Finding(false, what);
    }
}
