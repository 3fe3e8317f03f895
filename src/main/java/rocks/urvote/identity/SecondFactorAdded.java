package rocks.urvote.identity;

import java.time.Instant;
import rocks.urvote.kernel.Fact;
import rocks.urvote.kernel.UserId;

public record SecondFactorAdded(UserId user, String kind, Instant at) implements Fact {}
