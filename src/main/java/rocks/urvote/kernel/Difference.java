package rocks.urvote.kernel;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What one field held before a change, and what it holds after it.
public record Difference(@Nullable String before, @Nullable String after) {

    /// Field by field; the fields of an object within are named `settings.time_zone`.
    public static Map<String, Difference> between(ObjectNode before, ObjectNode after) {
        var differences = new TreeMap<String, Difference>();
        collect("", before, after, differences);
        return differences;
    }

    private static void collect(String path, JsonNode before, JsonNode after, Map<String, Difference> differences) {
        var names = new TreeSet<String>();
        names.addAll(before.propertyNames());
        names.addAll(after.propertyNames());
        for (var name : names) {
            var one = before.path(name);
            var other = after.path(name);
            if (one.isObject() && other.isObject()) {
                collect(path + name + ".", one, other, differences);
            } else if (!Objects.equals(text(one), text(other))) {
                differences.put(path + name, new Difference(text(one), text(other)));
            }
        }
    }

    private static @Nullable String text(JsonNode value) {
        if (value.isNull() || value.isMissingNode()) {
            return null;
        }
        return value.isString() ? value.stringValue() : value.toString();
    }
}
