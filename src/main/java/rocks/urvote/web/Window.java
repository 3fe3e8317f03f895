package rocks.urvote.web;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which part of a list is asked for: `?limit=` (default 50, at most 200) and `?cursor=`. A handler just takes one.
public record Window(int limit, @Nullable String after) {

    static Window of(@Nullable String limit, @Nullable String cursor) {
        return new Window(limit(limit), cursor == null || cursor.isEmpty() ? null : position(cursor));
    }

    /// How many rows to read so as to know whether there are more.
    public int rows() {
        return limit + 1;
    }

    /// The position to go on after, where positions are whole numbers.
    public Optional<Long> afterNumber() {
        if (after == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Long.parseLong(after));
        } catch (NumberFormatException e) {
            throw badCursor();
        }
    }

    static String cursor(String position) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(position.getBytes(StandardCharsets.UTF_8));
    }

    private static int limit(@Nullable String text) {
        if (text == null) {
            return 50;
        }
        if (!text.matches("[0-9]{1,4}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > 200) {
            throw Problem.invalid("limit", "must be a whole number from 1 to 200")
                    .raised();
        }
        return Integer.parseInt(text);
    }

    private static String position(String cursor) {
        try {
            var position = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            if (position.isEmpty()
                    || position.length() > 500
                    || position.chars().anyMatch(Character::isISOControl)) {
                throw badCursor();
            }
            return position;
        } catch (IllegalArgumentException e) {
            throw badCursor();
        }
    }

    private static Problem.Raised badCursor() {
        return Problem.invalid("cursor", "must be the next_cursor of an earlier answer")
                .raised();
    }
}
