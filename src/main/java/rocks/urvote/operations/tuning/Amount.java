package rocks.urvote.operations.tuning;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Sizes, times and plain numbers as PostgreSQL writes them; compared as bytes, milliseconds and numbers.
final class Amount {

    static final long KB = 1024;
    static final long MB = 1024 * KB;
    static final long GB = 1024 * MB;

    private static final Pattern SHAPE = Pattern.compile("(-?[0-9]+(?:\\.[0-9]+)?) ?([0-9]*[A-Za-z]*)");
    private static final Pattern UNIT = Pattern.compile("([0-9]*)([A-Za-z]*)");

    private static final Map<String, Double> UNITS = Map.ofEntries(
            Map.entry("", 1.0),
            Map.entry("B", 1.0),
            Map.entry("kB", (double) KB),
            Map.entry("MB", (double) MB),
            Map.entry("GB", (double) GB),
            Map.entry("TB", (double) (1024 * GB)),
            Map.entry("us", 0.001),
            Map.entry("ms", 1.0),
            Map.entry("s", 1000.0),
            Map.entry("min", 60_000.0),
            Map.entry("h", 3_600_000.0),
            Map.entry("d", 86_400_000.0));

    private Amount() {}

    /// Empty for words like `on`.
    static Optional<Double> parse(String text) {
        var parts = SHAPE.matcher(text.strip());
        return parts.matches()
                ? unit(parts.group(2)).map(unit -> Double.parseDouble(parts.group(1)) * unit)
                : Optional.empty();
    }

    /// A unit of `pg_settings`, also one like `8kB`.
    static Optional<Double> unit(String text) {
        var parts = UNIT.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        double times = parts.group(1).isEmpty() ? 1 : Double.parseDouble(parts.group(1));
        return Optional.ofNullable(UNITS.get(parts.group(2))).map(unit -> times * unit);
    }

    /// In the largest unit that divides it.
    static String text(long bytes) {
        return bytes % GB == 0 ? bytes / GB + "GB" : bytes % MB == 0 ? bytes / MB + "MB" : bytes / KB + "kB";
    }

    /// Down to a number people can read: five binary digits, the rest zero.
    static long rounded(long bytes) {
        long step = Long.highestOneBit(Math.max(bytes, 16)) / 16;
        return bytes / step * step;
    }
}
