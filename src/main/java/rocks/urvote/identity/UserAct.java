package rocks.urvote.identity;

/// What an admin may do to somebody's account.
public enum UserAct {
    LOCK,
    UNLOCK,
    VERIFY,
    APPOINT,
    DISMISS,
    SIGN_OUT,
    RESET_TWO_FACTOR
}
