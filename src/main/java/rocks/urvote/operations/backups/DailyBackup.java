package rocks.urvote.operations.backups;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rocks.urvote.operations.Chore;

/// A backup a day, once its hour has come. One that was missed, because nothing ran then, is made up for, though not
/// while everything starts; after a failure it is an hour until the next try.
final class DailyBackup implements Chore {

    private static final Logger log = LoggerFactory.getLogger(DailyBackup.class);

    private static final Duration OFTEN = Duration.ofMinutes(5);
    private static final Duration AFTER_THE_START = Duration.ofMinutes(15);
    private static final Duration AFTER_A_TRY = Duration.ofHours(1);

    private final BackUp backUp;
    private final int hour;
    private final Clock clock;
    private final Instant startedAt;
    private @Nullable Instant triedAt;

    DailyBackup(BackUp backUp, int hour, Clock clock) {
        this.backUp = backUp;
        this.hour = hour;
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    @Override
    public String name() {
        return "daily backup";
    }

    @Override
    public Duration every() {
        return OFTEN;
    }

    @Override
    public void run() throws IOException {
        var now = clock.instant();
        if (!isDue(now)) {
            return;
        }
        triedAt = now;
        var done = backUp.backUp(false);
        log.info(
                "{} is made and proved; {} old backups are gone",
                done.backup().name(),
                done.removed().size());
    }

    boolean isDue(Instant now) throws IOException {
        if (now.isBefore(startedAt.plus(AFTER_THE_START))
                || (triedAt != null && now.isBefore(triedAt.plus(AFTER_A_TRY)))) {
            return false;
        }
        var newest = new BackupFolder(backUp.settings().folder())
                .all().stream().findFirst().map(Kept::createdAt);
        return isDue(hour, newest, now.atZone(clock.getZone()));
    }

    /// Whether nothing was backed up since the hour came last.
    static boolean isDue(int hour, Optional<Instant> newest, ZonedDateTime now) {
        var today = now.toLocalDate().atTime(hour, 0).atZone(now.getZone());
        var last = today.isAfter(now)
                ? now.toLocalDate().minusDays(1).atTime(hour, 0).atZone(now.getZone())
                : today;
        return newest.isEmpty() || newest.get().isBefore(last.toInstant());
    }
}
