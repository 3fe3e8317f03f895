package rocks.urvote.leaderboards;

import org.jspecify.annotations.Nullable;

/// What a reader says in `If-None-Match` to have been shown already.
record KnownTags(@Nullable String header) {

    boolean match(String etag) {
        if (header == null) {
            return false;
        }
        if (header.equals(etag)) {
            return true;
        }
        for (var tag : header.split(",", 0)) {
            var bare = tag.strip();
            if (bare.equals("*") || (bare.startsWith("W/") ? bare.substring(2) : bare).equals(etag)) {
                return true;
            }
        }
        return false;
    }

    /// The highest version among them, 0 where none is told.
    long version() {
        if (header == null) {
            return 0;
        }
        long highest = 0;
        for (var at = header.indexOf('"'); at >= 0; at = header.indexOf('"', at + 1)) {
            highest = Math.max(highest, number(header, at + 1));
        }
        return highest;
    }

    /// The digits before a hyphen; more than a version can have are none.
    private static long number(String text, int from) {
        long number = 0;
        for (var at = from; at < text.length() && at - from <= 18; at++) {
            var character = text.charAt(at);
            if (character == '-') {
                return number;
            }
            if (character < '0' || character > '9') {
                return 0;
            }
            number = number * 10 + (character - '0');
        }
        return 0;
    }
}
