package rocks.urvote.clients;

import java.time.Instant;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.Fact;
import rocks.urvote.kernel.UserId;

public record MemberChanged(ClientId client, UserId user, Members.Role before, Members.Role after, Instant at)
        implements Fact {}
