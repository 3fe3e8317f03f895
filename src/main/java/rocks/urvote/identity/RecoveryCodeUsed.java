package rocks.urvote.identity;

import java.time.Instant;
import rocks.urvote.kernel.Fact;
import rocks.urvote.kernel.UserId;

public record RecoveryCodeUsed(UserId user, int left, Instant at) implements Fact {}
