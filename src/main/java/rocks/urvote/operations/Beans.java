package rocks.urvote.operations;

/// The application without its web server, as a [Command] sees it; and, without starting the application,
/// [OwnersDatabase], [Databases], [Backups] and [Premises].
public interface Beans {

    <T> T get(Class<T> type);
}
