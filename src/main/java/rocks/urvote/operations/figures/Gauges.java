package rocks.urvote.operations.figures;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Gauges of one name, one for each thing there is at the moment: a table, a disk.
///
/// One that stays tells its new value from where it is, and is not taken away and made anew: a scrape in between would
/// miss it, or find it twice, and then fail as a whole.
final class Gauges {

    private final MultiGauge gauges;
    private final Map<Tags, Double> values = new ConcurrentHashMap<>();

    Gauges(MeterRegistry registry, String name, @Nullable String unit, String description) {
        gauges =
                MultiGauge.builder(name).baseUnit(unit).description(description).register(registry);
    }

    /// Shows these, and no others from now on.
    void show(Map<Tags, ? extends Number> now) {
        now.forEach((tags, value) -> values.put(tags, value.doubleValue()));
        var rows = new ArrayList<Row<?>>();
        now.keySet().forEach(tags -> rows.add(Row.of(tags, () -> values.getOrDefault(tags, Double.NaN))));
        gauges.register(rows, false);
        values.keySet().retainAll(now.keySet());
    }
}
