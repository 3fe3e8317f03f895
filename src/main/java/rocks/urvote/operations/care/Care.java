package rocks.urvote.operations.care;

import java.util.List;
import rocks.urvote.operations.Chore;
import rocks.urvote.operations.Databases;

/// The chores that need the owner of the tables.
public interface Care {

    static List<Chore> chores(Databases databases, int hour) {
        return List.of(
                new CareOfTables(databases, hour), new CareOfIndexes(databases, hour, CareOfIndexes.Bloated.USUAL));
    }
}
