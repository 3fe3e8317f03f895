package rocks.urvote.clients;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// A colour as `#rrggbb`, in small letters.
record Colour(String hex) {

    private static final Pattern SHAPE = Pattern.compile("#[0-9a-f]{6}");

    static final Colour BLACK = new Colour("#000000");
    static final Colour WHITE = new Colour("#ffffff");

    Colour {
        if (!SHAPE.matcher(hex).matches()) {
            throw new IllegalArgumentException("A colour is #rrggbb, not '%s'".formatted(hex));
        }
    }

    static Optional<Colour> parse(String text) {
        var small = text.strip().toLowerCase(Locale.ROOT);
        return SHAPE.matcher(small).matches() ? Optional.of(new Colour(small)) : Optional.empty();
    }

    /// Black or white, whichever is easier to read on it.
    Colour ink() {
        return contrast(WHITE) >= contrast(BLACK) ? WHITE : BLACK;
    }

    /// From 1 (the same) to 21 (black on white), as WCAG 2 reckons it.
    double contrast(Colour other) {
        var lighter = Math.max(luminance(), other.luminance());
        var darker = Math.min(luminance(), other.luminance());
        return (lighter + 0.05) / (darker + 0.05);
    }

    private double luminance() {
        return 0.2126 * linear(1) + 0.7152 * linear(3) + 0.0722 * linear(5);
    }

    private double linear(int from) {
        var share = Integer.parseInt(hex, from, from + 2, 16) / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
    }
}
