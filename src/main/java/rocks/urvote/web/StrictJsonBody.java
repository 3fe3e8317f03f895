package rocks.urvote.web;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
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
    public <T> Optional<T> read(@Nullable String contentType, byte @Nullable [] body, Class<T> kind) {
        if (body == null || body.length == 0) {
            return Optional.empty();
        }
        if (!isJson(contentType)) {
            throw Problem.of(
                            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                            "unsupported_media_type",
                            "The body must be application/json.")
                    .raised();
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

    private static boolean isJson(@Nullable String contentType) {
        try {
            return contentType != null
                    && MediaType.APPLICATION_JSON.isCompatibleWith(MediaType.parseMediaType(contentType));
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }
}
