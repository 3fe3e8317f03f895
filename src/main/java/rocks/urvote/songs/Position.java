package rocks.urvote.songs;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import rocks.urvote.web.Problem;
import rocks.urvote.web.Window;

/// A place in a list ordered by a number or an instant, and by id where that is the same.
record Position(long key, long id) {

    static Position of(Instant instant, Song song) {
        return new Position(
                ChronoUnit.MICROS.between(Instant.EPOCH, instant), song.id().value());
    }

    static Optional<Position> of(Window window) {
        return Optional.ofNullable(window.after()).map(text -> {
            if (!text.matches("[0-9]{1,18}:[0-9]{1,18}")) {
                throw unknown();
            }
            int colon = text.indexOf(':');
            return new Position(Long.parseLong(text.substring(0, colon)), Long.parseLong(text.substring(colon + 1)));
        });
    }

    Instant instant() {
        return Instant.EPOCH.plus(Math.min(key, 7_258_118_400_000_000L), ChronoUnit.MICROS);
    }

    static Problem.Raised unknown() {
        return Problem.invalid("cursor", "must be the next_cursor of an earlier answer")
                .raised();
    }

    @Override
    public String toString() {
        return key + ":" + id;
    }
}
