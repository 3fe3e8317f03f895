package rocks.urvote.identity;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A user agent in words people use, as far as it can be told.
final class Browser {

    /// More particular ones first: most of them claim to be Safari, too.
    private static final List<String[]> PROGRAMS = List.of(
            new String[] {"Edg", "Edge"},
            new String[] {"OPR/", "Opera"},
            new String[] {"Firefox/", "Firefox"},
            new String[] {"FxiOS/", "Firefox"},
            new String[] {"CriOS/", "Chrome"},
            new String[] {"Chrome/", "Chrome"},
            new String[] {"Safari/", "Safari"},
            new String[] {"curl/", "curl"});

    private static final List<String[]> SYSTEMS = List.of(
            new String[] {"iPhone", "iPhone"},
            new String[] {"iPad", "iPad"},
            new String[] {"Android", "Android"},
            new String[] {"Windows", "Windows"},
            new String[] {"Mac OS X", "a Mac"},
            new String[] {"CrOS", "ChromeOS"},
            new String[] {"Linux", "Linux"});

    private Browser() {}

    static String named(@Nullable String userAgent) {
        if (userAgent == null || userAgent.isBlank()) {
            return "A program";
        }
        var program = first(PROGRAMS, userAgent, "Another program");
        var system = first(SYSTEMS, userAgent, "");
        return system.isEmpty() ? program : program + " on " + system;
    }

    /// The country's name, empty where none is known.
    static String country(@Nullable String code) {
        return code == null ? "" : Locale.of("", code).getDisplayCountry(Locale.ENGLISH);
    }

    private static String first(List<String[]> names, String userAgent, String otherwise) {
        return names.stream()
                .filter(name -> userAgent.contains(name[0]))
                .map(name -> name[1])
                .findFirst()
                .orElse(otherwise);
    }
}
