package rocks.urvote.identity;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import rocks.urvote.kernel.Fact;
import rocks.urvote.kernel.UserId;

/// By the person themselves, or with a reason by somebody else.
public record SecondFactorRemoved(
        UserId user, String kind, @Nullable String reason, Instant at) implements Fact {}
