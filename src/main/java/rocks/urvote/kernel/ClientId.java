package rocks.urvote.kernel;

public record ClientId(long value) implements Id {}
