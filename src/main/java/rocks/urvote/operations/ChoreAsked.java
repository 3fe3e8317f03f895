package rocks.urvote.operations;

import java.time.Instant;
import rocks.urvote.kernel.Fact;

/// An admin had a chore done before it was due.
public record ChoreAsked(String chore, Instant at) implements Fact {}
