package rocks.urvote.operations;

/// The application without its web server, as a [Command] sees it; and, without starting the application,
/// [OwnersDatabase], [Databases] and [Backups].
public interface Beans {

    <T> T get(Class<T> type);
}
