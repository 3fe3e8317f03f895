package rocks.urvote.operations;

/// Whole databases as a command has them.
public final class TestDatabases {

    private TestDatabases() {}

    public static Databases of(String url) throws ClassNotFoundException {
        var own = DatabaseUrl.parse(url);
        return new WholeDatabases(Class.forName("rocks.urvote.UrVote"), () -> own);
    }
}
