package rocks.urvote.operations;

import java.time.Duration;

/// Something `serve` does every so often, at start first. Of several nodes one does it at a time.
public interface Chore {

    String name();

    Duration every();

    void run() throws Exception;
}
