package rocks.urvote.web;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Component
final class StrictJsonBody implements JsonBody {

    private final JsonMapper json;

    StrictJsonBody(JsonMapper json) {
        this.json = json;
    }

    @Override
    public <T> Optional<T> read(byte @Nullable [] body, Class<T> kind) {
        if (body == null || body.length == 0) {
            return Optional.empty();
        }
        try {
            if (!(json.readTree(body) instanceof ObjectNode tree)) {
                throw Problem.malformed("The body must be a JSON object.").raised();
            }
            return Optional.of(json.treeToValue(tree, kind));
        } catch (JacksonException e) {
            throw ErrorHandling.unreadable(e).raised();
        }
    }
}
