package rocks.urvote.operations.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What Grafana takes without a word and shows badly. `MonitoringIT` asks a real Prometheus each of the queries.
class DashboardTests {

    @Test
    void everyPanelHasItsOwnIdAndPlace() throws IOException {
        assertThat(panels()).extracting(panel -> panel.path("id").asInt()).doesNotHaveDuplicates();
        assertThat(panels()).flatExtracting(DashboardTests::cells).doesNotHaveDuplicates();
    }

    @Test
    void everyLineIsNamedByWords() throws IOException {
        assertThat(targets("timeseries"))
                .extracting(target -> target.path("legendFormat").asString())
                .isNotEmpty()
                .doesNotContain("");
    }

    /// Of a node that is away a range would show what it said last, as if it were so now.
    @Test
    void whatIsSaidInOneNumberIsAskedForNow() throws IOException {
        assertThat(List.of(targets("stat"), targets("table")))
                .allSatisfy(targets -> assertThat(targets)
                        .isNotEmpty()
                        .allMatch(target -> target.path("instant").asBoolean()
                                && !target.path("range").asBoolean()));
    }

    /// Without that, each step of a graph has a largest ten of its own, and all of them are shown.
    @Test
    void theLargestAreThoseOfTheEnd() throws IOException {
        assertThat(targets("timeseries"))
                .extracting(target -> target.path("expr").asString())
                .filteredOn(expression -> expression.contains("topk("))
                .isNotEmpty()
                .allMatch(expression -> expression.contains("@ end()"));
    }

    private static List<String> cells(JsonNode panel) {
        var place = panel.path("gridPos");
        var cells = new ArrayList<String>();
        for (int x = 0; x < place.path("w").asInt(); x++) {
            for (int y = 0; y < place.path("h").asInt(); y++) {
                cells.add(
                        (place.path("x").asInt() + x) + ", " + (place.path("y").asInt() + y));
            }
        }
        return cells;
    }

    private static List<JsonNode> targets(String type) throws IOException {
        var targets = new ArrayList<JsonNode>();
        for (var panel : panels()) {
            if (panel.path("type").asString().equals(type)) {
                panel.path("targets").forEach(targets::add);
            }
        }
        return targets;
    }

    private static List<JsonNode> panels() throws IOException {
        var panels = new ArrayList<JsonNode>();
        new JsonMapper()
                .readTree(Files.readString(Path.of("packaging/grafana/urvote.json")))
                .path("panels")
                .forEach(panels::add);
        return panels;
    }
}
