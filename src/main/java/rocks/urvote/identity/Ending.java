package rocks.urvote.identity;

/// Why a session ended.
public enum Ending {
    SIGNED_OUT,
    REFRESH_TOKEN_REUSED,
    PASSWORD_SET,
    ADDRESS_PROVEN,
    LOCKED,
    DISMISSED,
    ENDED_BY_ADMIN,
    SECOND_FACTOR_RESET,
    ERASED
}
