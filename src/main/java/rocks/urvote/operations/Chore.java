package rocks.urvote.operations;

import java.util.List;

/// Something `serve` does by itself when its [Schedule] says so. Of several nodes one does it at a time; each run is on
/// record, and a run that was missed because nothing ran then is made up for once.
public interface Chore {

    /// What it does, in a few words. It has its runs under this name.
    String name();

    Schedule schedule();

    /// Does it, and says in a sentence what was done.
    String run() throws Exception;

    /// What a run would do now, a sentence each: as far as that can be told without doing it.
    default List<String> plan() throws Exception {
        return List.of();
    }
}
