package rocks.urvote.web;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import rocks.urvote.kernel.Id;

/// A place in a list ordered by a number or an instant, and by id where that is the same.
public record Position(long key, long id) {

    public static Position of(Instant instant, Id id) {
        return new Position(ChronoUnit.MICROS.between(Instant.EPOCH, instant), id.value());
    }

    public static Optional<Position> of(Window window) {
        return Optional.ofNullable(window.after()).map(text -> {
            if (!text.matches("[0-9]{1,18}:[0-9]{1,18}")) {
                throw unknown();
            }
            int colon = text.indexOf(':');
            return new Position(Long.parseLong(text.substring(0, colon)), Long.parseLong(text.substring(colon + 1)));
        });
    }

    public Instant instant() {
        return Instant.EPOCH.plus(Math.min(key, 7_258_118_400_000_000L), ChronoUnit.MICROS);
    }

    public static Problem.Raised unknown() {
        return Problem.invalid("cursor", "must be the next_cursor of an earlier answer")
                .raised();
    }

    @Override
    public String toString() {
        return key + ":" + id;
    }
}
