package rocks.urvote.votes;

import rocks.urvote.kernel.Id;

public record VoteId(long value) implements Id {}
