package rocks.urvote.operations;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What this node was told and what it takes where it was told nothing. Secrets are never among it.
public interface SettingsInForce {

    /// Where a value comes from.
    enum Origin {
        GIVEN,
        USUAL,
        NONE
    }

    /// One setting. The value is missing where it holds, or may hold, a secret, and where there is none.
    record Line(String name, @Nullable String value, Origin origin, boolean secret, String explanation) {}

    List<Line> lines();
}
