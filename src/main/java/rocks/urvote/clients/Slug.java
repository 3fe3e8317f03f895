package rocks.urvote.clients;

import java.text.Normalizer;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// The word by which an address names a client: small letters and digits, with single hyphens between them.
record Slug(String value) {

    static final int LONGEST = 60;

    private static final Pattern SHAPE = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

    Slug {
        if (!wellFormed(value)) {
            throw new IllegalArgumentException(
                    "A slug is small letters, digits and hyphens, not '%s'".formatted(value));
        }
    }

    static boolean wellFormed(String text) {
        return text.length() <= LONGEST && SHAPE.matcher(text).matches();
    }

    /// The slug a name suggests, without accents; with a number behind it where the plain one is taken.
    static Slug of(String name, Predicate<Slug> taken) {
        var plain = Normalizer.normalize(name, Normalizer.Form.NFKD)
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\p{M}", "")
                .replace("ß", "ss")
                .replace("&", " and ")
                .replaceAll("['’]", "")
                .replaceAll("[^a-z0-9]+", "-");
        var start = trimmed(plain, LONGEST);
        var slug = new Slug(start.isEmpty() ? "client" : start);
        for (int number = 2; taken.test(slug); number++) {
            var end = "-" + number;
            slug = new Slug(trimmed(start.isEmpty() ? "client" : start, LONGEST - end.length()) + end);
        }
        return slug;
    }

    private static String trimmed(String text, int longest) {
        var start = text.replaceAll("^-+", "");
        return start.substring(0, Math.min(longest, start.length())).replaceAll("-+$", "");
    }
}
