package rocks.urvote.identity;

import java.time.Instant;
import rocks.urvote.kernel.Fact;
import rocks.urvote.kernel.UserId;

/// Somebody had their account erased. Nothing of them is in it but the number.
public record AccountErased(UserId user, Instant at) implements Fact {}
