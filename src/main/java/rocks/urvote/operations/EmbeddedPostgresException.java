package rocks.urvote.operations;

/// Why the embedded database cannot be had, in words for the operator: what is wrong, and what to do or where to look.
final class EmbeddedPostgresException extends RuntimeException {

    EmbeddedPostgresException(String message) {
        super(message);
    }

    EmbeddedPostgresException(String message, Throwable cause) {
        super(message, cause);
    }
}
