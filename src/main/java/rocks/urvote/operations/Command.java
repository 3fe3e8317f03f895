package rocks.urvote.operations;

/// What an operator does at the shell: one class with picocli's `@Command`, found wherever it lies below the
/// application. A name of two words, `admin create`, makes the group by itself.
public interface Command {

    /// Does it and gives the exit code: 0 done, 1 failed. The options are parsed; the application starts when the
    /// first bean is asked for.
    int run(Beans beans) throws Exception;

    /// Ends a command with one line for the operator and exit code 1.
    class Failed extends RuntimeException {

        private static final long serialVersionUID = 1;

        public Failed(String line) {
            super(line);
        }

        public Failed(String line, Throwable cause) {
            super(line, cause);
        }
    }
}
