package rocks.urvote.web;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads a body that need not be there.
public interface JsonBody {

    /// Empty for no body at all; anything else must be one JSON object of this kind, and say so.
    <T> Optional<T> read(@Nullable String contentType, byte @Nullable [] body, Class<T> kind);
}
