package rocks.urvote.kernel;

public record UserId(long value) implements Id {}
