package rocks.urvote.operations;

/// The connection on which a node hears [News].
public interface NewsLine {

    /// Whether news arrive; while they do not, what is kept in memory is to be trusted only for a moment.
    boolean connected();
}
