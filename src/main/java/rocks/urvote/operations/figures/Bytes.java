package rocks.urvote.operations.figures;

import java.util.List;
import java.util.Locale;

/// An amount of bytes as people read it.
public interface Bytes {

    List<String> UNITS = List.of("B", "kB", "MB", "GB", "TB", "PB");

    /// `512 B`, `9.8 kB`, `340 MB`, `1.2 TB`: three digits or fewer, a unit being 1024 times the one before.
    static String text(long bytes) {
        double amount = Math.abs((double) bytes);
        int unit = 0;
        while (amount >= 1023.5 && unit < UNITS.size() - 1) {
            amount /= 1024;
            unit++;
        }
        var shape = unit == 0 || amount >= 9.95 ? "%.0f" : "%.1f";
        return (bytes < 0 ? "-" : "") + String.format(Locale.ROOT, shape, amount) + " " + UNITS.get(unit);
    }
}
