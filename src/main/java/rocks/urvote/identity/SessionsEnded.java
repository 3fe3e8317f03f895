package rocks.urvote.identity;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import rocks.urvote.kernel.Fact;
import rocks.urvote.kernel.UserId;

public record SessionsEnded(UserId user, List<UUID> sessions, Ending why, Instant at) implements Fact {

    public SessionsEnded {
        sessions = List.copyOf(sessions);
    }
}
