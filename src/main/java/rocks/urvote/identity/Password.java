package rocks.urvote.identity;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import rocks.urvote.web.Checks;

/// A password in normal form. Prints as stars.
record Password(String value) {

    private static final int MOST_BYTES = 1_000;

    /// One somebody shows in order to get in: whatever it is, as long as it can be hashed in reasonable time.
    static Optional<Password> shown(Checks checks, String field, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            checks.wrong(field, "is required");
            return Optional.empty();
        }
        var password = normal(text);
        if (password.bytes() > MOST_BYTES) {
            checks.wrong(field, "must have at most %d bytes".formatted(MOST_BYTES));
        }
        return Optional.of(password);
    }

    /// One somebody wants to have from now on; `unlike` are the words everybody would try first.
    static Optional<Password> wanted(Checks checks, String field, @Nullable String text, String... unlike) {
        var shown = shown(checks, field, text);
        shown.ifPresent(password -> {
            int length = password.value().codePointCount(0, password.value().length());
            if (length < 8 || length > 200) {
                checks.wrong(field, "must have 8 to 200 characters");
            } else if (password.value().codePoints().anyMatch(Password::untypable)) {
                checks.wrong(field, "must not contain control characters");
            } else {
                password.refuse(checks, field, unlike);
            }
        });
        return shown;
    }

    private void refuse(Checks checks, String field, String... unlike) {
        for (var word : unlike) {
            if (value.strip().toLowerCase(Locale.ROOT).equals(word.strip().toLowerCase(Locale.ROOT))) {
                checks.wrong(field, "must not be the address or the user name");
                return;
            }
        }
    }

    private int bytes() {
        return value.getBytes(StandardCharsets.UTF_8).length;
    }

    private static boolean untypable(int point) {
        return Character.isISOControl(point) || Character.getType(point) == Character.SURROGATE;
    }

    private static Password normal(String text) {
        return new Password(Normalizer.normalize(text, Normalizer.Form.NFC));
    }

    @Override
    public String toString() {
        return "***";
    }
}
