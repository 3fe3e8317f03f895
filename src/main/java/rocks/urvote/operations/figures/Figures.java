package rocks.urvote.operations.figures;

import rocks.urvote.operations.Command;
import rocks.urvote.operations.Premises;

/// What database, disks, replica and backups measure at this moment, as this process's login may see it.
public interface Figures {

    /// Asks anew.
    ///
    /// @throws Command.Failed where the database does not answer
    Report now();

    /// For a command, which has no beans.
    static Figures of(Premises premises) {
        return new MeasuredFigures(premises);
    }
}
