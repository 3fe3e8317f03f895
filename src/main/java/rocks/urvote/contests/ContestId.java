package rocks.urvote.contests;

import rocks.urvote.kernel.Id;

public record ContestId(long value) implements Id {}
