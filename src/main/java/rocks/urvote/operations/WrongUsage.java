package rocks.urvote.operations;

/// Ends a command with one line for the operator and exit code 2.
final class WrongUsage extends RuntimeException {

    private static final long serialVersionUID = 1;

    WrongUsage(String line) {
        super(line);
    }
}
