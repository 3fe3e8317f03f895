package rocks.urvote.operations.backups;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// A clock that a test sets.
final class SetClock extends Clock {

    Instant now;

    SetClock(Instant now) {
        this.now = now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("It is in UTC");
    }

    @Override
    public Instant instant() {
        return now;
    }
}
