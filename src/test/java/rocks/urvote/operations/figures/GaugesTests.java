package rocks.urvote.operations.figures;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GaugesTests {

    private static final Tags SONGS = Tags.of("table", "songs");
    private static final Tags VOTES = Tags.of("table", "votes");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Gauges gauges = new Gauges(registry, "urvote.table", "bytes", "A table");

    @Test
    void oneThatStaysIsNeverAway() {
        gauges.show(Map.of(SONGS, 1, VOTES, 2));
        var away = new ArrayList<Meter>();
        registry.config().onMeterRemoved(away::add);

        gauges.show(Map.of(SONGS, 3, VOTES, 4));

        assertThat(away).isEmpty();
        assertThat(shown(SONGS)).isEqualTo(3);
        assertThat(shown(VOTES)).isEqualTo(4);
    }

    @Test
    void showsWhatCameAndNotWhatIsGone() {
        gauges.show(Map.of(SONGS, 1));

        gauges.show(Map.of(VOTES, 2));

        assertThat(shown(VOTES)).isEqualTo(2);
        assertThat(registry.find("urvote.table").gauges()).hasSize(1);
    }

    @Test
    void showsAgainWhatCameBack() {
        gauges.show(Map.of(SONGS, 1));
        gauges.show(Map.of());

        gauges.show(Map.of(SONGS, 2));

        assertThat(shown(SONGS)).isEqualTo(2);
    }

    private double shown(Tags tags) {
        return registry.get("urvote.table").tags(tags).gauge().value();
    }
}
