package rocks.urvote.kernel;

import com.fasterxml.jackson.annotation.JsonValue;

/// The identity of one thing of one kind. Each kind declares its own record with one `long`.
public interface Id {

    @JsonValue
    long value();
}
