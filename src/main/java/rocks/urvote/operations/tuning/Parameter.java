package rocks.urvote.operations.tuning;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// One setting of PostgreSQL with its reason.
///
/// @param value   as `postgresql.conf` has it, a list with commas between
/// @param matters what differs costs votes, speed or secrecy; the others help whoever looks into something
public record Parameter(String name, String value, Fit fit, boolean matters, String reason) {

    /// Which other values are as good.
    public enum Fit {
        EXACTLY,
        /// From two thirds of it to one and a half: somebody has measured, or the machine has grown a little.
        ABOUT,
        AT_LEAST,
        /// And not switched off by -1.
        AT_MOST,
        NOT_OFF,
        /// All of a list.
        CONTAINS
    }

    /// Whether a server with this value, in this unit of `pg_settings`, needs no change.
    public boolean accepts(String setting, String unit) {
        return switch (fit) {
            case EXACTLY ->
                setting.equals(value)
                        || number(setting, unit) == Amount.parse(value).orElse(Double.NaN);
            case ABOUT -> number(setting, unit) >= wanted() / 1.5 && number(setting, unit) <= wanted() * 1.5;
            case AT_LEAST -> number(setting, unit) >= wanted();
            case AT_MOST -> number(setting, unit) >= 0 && number(setting, unit) <= wanted();
            case NOT_OFF -> !setting.equals("off");
            case CONTAINS -> list(setting).containsAll(list(value));
        };
    }

    /// `alter system set work_mem = '4MB'`; each word of a list apart, as PostgreSQL would take them for one.
    public String statement() {
        var words = fit == Fit.CONTAINS ? list(value) : List.of(value);
        return "alter system set %s = %s"
                .formatted(name, words.stream().map("'%s'"::formatted).collect(Collectors.joining(", ")));
    }

    /// As in `postgresql.conf`, the reason before it.
    public String line() {
        var plain = value.matches("[A-Za-z0-9_.]+");
        return "# %s\n%s = %s\n".formatted(reason, name, plain ? value : "'%s'".formatted(value));
    }

    private double wanted() {
        return Amount.parse(value).orElseThrow(() -> new IllegalStateException(value + " is no amount"));
    }

    private static double number(String setting, String unit) {
        return Amount.parse(setting).orElse(Double.NaN) * Amount.unit(unit).orElse(Double.NaN);
    }

    private static List<String> list(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(word -> word.strip().replace("\"", ""))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
