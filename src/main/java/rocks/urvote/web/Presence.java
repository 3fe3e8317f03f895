package rocks.urvote.web;

/// Who is still signed in: for what goes on long after its request came, when the token was good.
public interface Presence {

    /// Whether the token has not run out, and its session was not ended.
    boolean isStillIn(Caller caller);
}
