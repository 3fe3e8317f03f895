package rocks.urvote.operations;

import java.util.Map;
import rocks.urvote.operations.Inspection.Finding;

/// What a module has to say in `urvote check` of a thing its settings name, before there is a database. A class with a
/// constructor without parameters, found wherever it lies below the application.
public interface Outfit {

    /// One line, whether it is there and as it should be.
    ///
    /// @param settings as the modules bind them; what is not set is absent
    Finding look(Map<String, Object> settings);
}
