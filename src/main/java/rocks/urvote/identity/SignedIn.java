package rocks.urvote.identity;

import java.time.Instant;
import java.util.UUID;
import rocks.urvote.kernel.Fact;
import rocks.urvote.kernel.UserId;

public record SignedIn(UserId user, UUID session, Instant at) implements Fact {}
