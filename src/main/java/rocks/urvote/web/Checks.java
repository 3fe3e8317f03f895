package rocks.urvote.web;

import java.net.URI;
import java.net.URISyntaxException;
import java.text.Normalizer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import rocks.urvote.kernel.EmailAddress;

/// Looks at every field of a request and collects what is wrong, so that the answer names all of it at once.
///
/// What is wrong reads as an empty value until [#orRaise()], which must be called before anything is used.
public interface Checks {

    static Checks start() {
        return new CollectingChecks();
    }

    void wrong(String field, String message);

    List<Problem.FieldError> errors();

    /// Leaves the handler with 422 when a field was wrong.
    default void orRaise() {
        if (!errors().isEmpty()) {
            throw Problem.invalid(errors()).raised();
        }
    }

    /// A line of text: trimmed, in normal form, without control characters.
    default String line(String field, @Nullable String text, int longest) {
        return optionalLine(field, text, longest).orElseGet(() -> {
            required(field);
            return "";
        });
    }

    default Optional<String> optionalLine(String field, @Nullable String text, int longest) {
        return text(field, text, longest, false);
    }

    /// Text of several lines.
    default String lines(String field, @Nullable String text, int longest) {
        return optionalLines(field, text, longest).orElseGet(() -> {
            required(field);
            return "";
        });
    }

    default Optional<String> optionalLines(String field, @Nullable String text, int longest) {
        return text(field, text, longest, true);
    }

    default <T> Optional<T> required(String field, @Nullable T value) {
        if (value == null) {
            required(field);
        }
        return Optional.ofNullable(value);
    }

    default int between(String field, @Nullable Integer number, int least, int most) {
        if (number == null) {
            required(field);
            return least;
        }
        if (number < least || number > most) {
            wrong(field, "must be a whole number from %d to %d".formatted(least, most));
        }
        return number;
    }

    /// An instant as RFC 3339 writes it, with `Z` or an offset.
    default Instant instant(String field, @Nullable String text) {
        return optionalInstant(field, text).orElseGet(() -> {
            required(field);
            return Instant.EPOCH;
        });
    }

    default Optional<Instant> optionalInstant(String field, @Nullable String text) {
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        try {
            var instant = OffsetDateTime.parse(text.strip(), DateTimeFormatter.ISO_OFFSET_DATE_TIME)
                    .toInstant();
            if (instant.isBefore(Instant.parse("2000-01-01T00:00:00Z"))
                    || instant.isAfter(Instant.parse("2200-01-01T00:00:00Z"))) {
                wrong(field, "must lie between the years 2000 and 2200");
            }
            return Optional.of(instant);
        } catch (DateTimeException e) {
            wrong(field, "must be an instant such as 2026-12-24T18:00:00Z");
            return Optional.of(Instant.EPOCH);
        }
    }

    default Optional<URI> optionalLink(String field, @Nullable String text, String... schemes) {
        return optionalLine(field, text, 500).flatMap(line -> {
            try {
                var uri = new URI(line);
                if (uri.getScheme() != null
                        && Arrays.asList(schemes).contains(uri.getScheme().toLowerCase(Locale.ROOT))
                        && uri.getHost() != null
                        && uri.getUserInfo() == null) {
                    return Optional.of(uri);
                }
            } catch (URISyntaxException e) {
                // Said below, with everything else that is no such link.
            }
            wrong(
                    field,
                    "must be a link that begins with "
                            + Arrays.stream(schemes)
                                    .map(scheme -> scheme + "://")
                                    .collect(Collectors.joining(" or ")));
            return Optional.empty();
        });
    }

    default Optional<EmailAddress> email(String field, @Nullable String text) {
        if (text == null || text.isBlank()) {
            required(field);
            return Optional.empty();
        }
        var address = EmailAddress.parse(text);
        if (address.isEmpty()) {
            wrong(field, "must be an e-mail address such as ada@example.org");
        }
        return address;
    }

    default <E extends Enum<E>> Optional<E> oneOf(String field, @Nullable String word, Class<E> kind) {
        if (word == null || word.isBlank()) {
            required(field);
            return Optional.empty();
        }
        var found = Arrays.stream(kind.getEnumConstants())
                .filter(constant -> constant.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst();
        if (found.isEmpty()) {
            wrong(
                    field,
                    "must be one of "
                            + Arrays.stream(kind.getEnumConstants())
                                    .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                                    .collect(Collectors.joining(", ")));
        }
        return found;
    }

    private void required(String field) {
        if (errors().stream().noneMatch(error -> error.field().equals(field))) {
            wrong(field, "is required");
        }
    }

    private Optional<String> text(String field, @Nullable String text, int longest, boolean severalLines) {
        if (text == null) {
            return Optional.empty();
        }
        var normal = Normalizer.normalize(text.replace("\r\n", "\n"), Normalizer.Form.NFC)
                .strip();
        if (normal.codePoints().allMatch(Checks::invisible)) {
            return Optional.empty();
        }
        if (normal.codePoints().anyMatch(point -> unprintable(point, severalLines))) {
            wrong(field, "must not contain control characters");
            return Optional.of("");
        }
        if (normal.codePointCount(0, normal.length()) > longest) {
            wrong(field, "must have at most %d characters".formatted(longest));
        }
        return Optional.of(normal);
    }

    /// Blanks, characters that only format others, and letters by name that show nothing.
    private static boolean invisible(int point) {
        return Character.isWhitespace(point)
                || Character.isSpaceChar(point)
                || Character.getType(point) == Character.FORMAT
                || (point >= 0xFE00 && point <= 0xFE0F)
                || "\u034F\u115F\u1160\u2800\u3164\uFFA0".indexOf(point) >= 0;
    }

    /// Control characters, halves of surrogate pairs, and the marks that turn the direction of what follows.
    private static boolean unprintable(int point, boolean severalLines) {
        var lineBreak = point == '\n' || point == '\t';
        return (Character.isISOControl(point) && !(severalLines && lineBreak))
                || Character.getType(point) == Character.SURROGATE
                || (point >= 0x202A && point <= 0x202E)
                || (point >= 0x2066 && point <= 0x2069);
    }
}

final class CollectingChecks implements Checks {

    private final List<Problem.FieldError> errors = new ArrayList<>();

    @Override
    public void wrong(String field, String message) {
        errors.add(new Problem.FieldError(field, message));
    }

    @Override
    public List<Problem.FieldError> errors() {
        return errors;
    }
}
