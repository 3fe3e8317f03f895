package rocks.urvote.clients;

import org.jspecify.annotations.Nullable;
import rocks.urvote.web.Checks;

/// Names of clients and contests: one line in which every blank is a plain one and nothing is invisible, so that two
/// names that look the same are the same.
public interface Naming {

    int LONGEST = 255;

    static String name(Checks checks, @Nullable String text) {
        return checks.line("name", text == null ? null : plain(text), LONGEST);
    }

    private static String plain(String text) {
        return text.replaceAll("[\\p{Zs}\\t]", " ").replaceAll("[\\u200B\\u2060\\uFEFF\\u00AD]", "");
    }
}
