package rocks.urvote.identity;

import java.time.Instant;
import rocks.urvote.kernel.Fact;
import rocks.urvote.kernel.UserId;

public record UsernameChanged(UserId user, Instant at) implements Fact {}
