package rocks.urvote.clients;

import java.time.Instant;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.Fact;
import rocks.urvote.kernel.UserId;

public record MemberRemoved(ClientId client, UserId user, Members.Role role, Instant at) implements Fact {}
