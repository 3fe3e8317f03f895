package rocks.urvote.operations;

/// The application without its web server, as a [Command] sees it.
public interface Beans {

    <T> T get(Class<T> type);
}
