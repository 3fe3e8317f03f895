package rocks.urvote.operations;

import java.util.function.Consumer;

/// What happens in demo mode when `serve` finds no client in the database, before it says that it is ready.
public interface FirstStart {

    void onEmptyDatabase(Consumer<String> progress) throws Exception;
}
