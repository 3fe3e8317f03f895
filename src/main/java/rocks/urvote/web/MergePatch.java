package rocks.urvote.web;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A `PATCH` body as RFC 7396 reads it: what is named is replaced, `null` takes away, what is not named stays.
public interface MergePatch {

    /// What `current` becomes by the patch, read and checked like a whole body of its kind.
    <T> T apply(T current, ObjectNode patch, Class<T> kind);

    static ObjectNode merge(ObjectNode target, ObjectNode patch) {
        for (var change : patch.properties()) {
            JsonNode value = change.getValue();
            if (value.isNull()) {
                target.putNull(change.getKey());
            } else if (value instanceof ObjectNode part && target.get(change.getKey()) instanceof ObjectNode known) {
                target.set(change.getKey(), merge(known, part));
            } else {
                target.set(change.getKey(), value);
            }
        }
        return target;
    }
}
