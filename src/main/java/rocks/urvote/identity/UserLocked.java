package rocks.urvote.identity;

import java.time.Instant;
import java.util.Map;
import rocks.urvote.kernel.Difference;
import rocks.urvote.kernel.Fact;
import rocks.urvote.kernel.UserId;

public record UserLocked(UserId user, Map<String, Difference> changes, String reason, Instant at) implements Fact {

    public UserLocked {
        changes = Map.copyOf(changes);
    }
}
