package rocks.urvote.operations;

import java.util.List;

/// Lines a module adds to what `serve` says once it is ready.
public interface Greeting {

    List<String> lines();
}
