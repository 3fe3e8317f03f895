package rocks.urvote.identity;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import rocks.urvote.web.Checks;

/// The name a person goes by here.
record Username(String value) {

    /// Letters and digits of any script; not the fillers that are letters by name and blanks to the eye.
    private static final Pattern SHAPE =
            Pattern.compile("(?=.*[\\p{L}\\p{N}])[\\p{L}\\p{M}\\p{N} ._\\-&&[^\\u115F\\u1160\\u3164\\uFFA0]]{3,40}");

    private static final Set<String> OFFICIAL =
            Set.of("admin", "administrator", "moderator", "owner", "urvote", "support", "system");

    /// Trimmed, blanks within it single.
    static Optional<Username> check(Checks checks, String field, @Nullable String text) {
        var before = checks.errors().size();
        var line = checks.line(field, text, 200).replaceAll(" +", " ");
        if (checks.errors().size() > before) {
            return Optional.empty();
        }
        if (!SHAPE.matcher(line).matches()) {
            checks.wrong(field, "must have 3 to 40 characters: letters, digits, blanks, dots, dashes and underscores");
            return Optional.empty();
        }
        return Optional.of(new Username(line));
    }

    /// The same for a name somebody picks for themselves: none that speaks for those who run the place.
    static Optional<Username> wanted(Checks checks, String field, @Nullable String text) {
        var name = check(checks, field, text);
        if (name.filter(username -> OFFICIAL.contains(username.value().toLowerCase(Locale.ROOT)))
                .isPresent()) {
            checks.wrong(field, "is kept for those who run this place");
            return Optional.empty();
        }
        return name;
    }

    static Username made() {
        return new Username(Secrets.username());
    }
}
