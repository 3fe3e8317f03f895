package rocks.urvote.identity;

import java.time.Instant;
import java.util.Map;
import rocks.urvote.kernel.Difference;
import rocks.urvote.kernel.Fact;
import rocks.urvote.kernel.UserId;

public record AdminAppointed(UserId user, Map<String, Difference> changes, String reason, Instant at) implements Fact {

    public AdminAppointed {
        changes = Map.copyOf(changes);
    }
}
