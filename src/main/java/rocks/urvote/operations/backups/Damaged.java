package rocks.urvote.operations.backups;

import rocks.urvote.operations.Command;

/// A backup itself is not whole. Any other failure is one of looking, and says nothing about the backup: nothing may be
/// written down or deleted because of it.
final class Damaged extends Command.Failed {

    private static final long serialVersionUID = 1;

    Damaged(String line) {
        super(line);
    }

    Damaged(String line, Throwable cause) {
        super(line, cause);
    }
}
