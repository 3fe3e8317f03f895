package rocks.urvote.web;

import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Component
final class JsonMergePatch implements MergePatch {

    private final JsonMapper json;

    JsonMergePatch(JsonMapper json) {
        this.json = json;
    }

    @Override
    public <T> T apply(T current, ObjectNode patch, Class<T> kind) {
        ObjectNode target = json.valueToTree(current);
        try {
            return json.treeToValue(MergePatch.merge(target, patch), kind);
        } catch (JacksonException e) {
            throw ErrorHandling.unreadable(e).raised();
        }
    }
}
