package rocks.urvote.web;

import java.util.Optional;

/// Reads a body that need not be there.
public interface JsonBody {

    /// Empty for no body at all; anything else must be one JSON object of this kind.
    <T> Optional<T> read(byte @org.jspecify.annotations.Nullable [] body, Class<T> kind);
}
