package rocks.urvote.operations;

import java.nio.file.Path;
import java.util.Optional;

/// Whole databases as a command has them.
public final class TestDatabases {

    private TestDatabases() {}

    public static Databases of(String url) throws ClassNotFoundException {
        return of(url, Optional.empty());
    }

    /// The same on a disk that UrVote sees.
    ///
    /// @param folder where they lie
    public static Databases of(String url, Optional<Path> folder) throws ClassNotFoundException {
        var own = DatabaseUrl.parse(url);
        return new WholeDatabases(Class.forName("rocks.urvote.UrVote"), folder, () -> own);
    }
}
