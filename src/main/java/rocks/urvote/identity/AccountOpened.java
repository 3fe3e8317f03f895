package rocks.urvote.identity;

import java.time.Instant;
import rocks.urvote.kernel.Fact;
import rocks.urvote.kernel.UserId;

public record AccountOpened(UserId user, boolean verified, Instant at) implements Fact {}
