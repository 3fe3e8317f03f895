package rocks.urvote.audit;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.UserId;

/// Which lines of the log somebody wants to see.
record LogFilter(
        @Nullable UserId who,
        @Nullable String fact,
        @Nullable Subject about,
        @Nullable ClientId client,
        @Nullable Instant from,
        @Nullable Instant until) {

    /// What a line may be about, and under which names facts mention it.
    enum Kind {
        USER("user", "artist", "voter", "by"),
        CLIENT("client"),
        CONTEST("contest"),
        SONG("song"),
        VOTE("vote");

        @SuppressWarnings("ImmutableEnumChecker") // never written to
        private final String[] names;

        Kind(String... names) {
            this.names = names;
        }

        String[] names() {
            return names.clone();
        }
    }

    /// One thing, written as `user 12`.
    record Subject(Kind kind, long id) {

        static Optional<Subject> parse(String text) {
            var words = text.strip().toLowerCase(Locale.ROOT).split("\\s+", 0);
            if (words.length != 2 || !words[1].matches("[1-9][0-9]{0,17}")) {
                return Optional.empty();
            }
            for (var kind : Kind.values()) {
                if (kind.name().toLowerCase(Locale.ROOT).equals(words[0])) {
                    return Optional.of(new Subject(kind, Long.parseLong(words[1])));
                }
            }
            return Optional.empty();
        }
    }
}
