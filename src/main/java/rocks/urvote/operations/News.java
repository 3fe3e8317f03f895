package rocks.urvote.operations;

/// Something that a node keeps in memory and that other nodes, or anybody at the database, may change: what is told on
/// its channel of PostgreSQL's `NOTIFY` is heard here. Called by one thread, which hears nothing else meanwhile.
public interface News {

    /// A plain name: it is written into a `listen`.
    String channel();

    /// One notification; an [IllegalArgumentException] says that it is none of ours.
    void hear(String payload);

    /// What was told while nobody listened is lost: reads it, or forgets what may be wrong. Called after each new
    /// connection, the first time before the first request.
    void catchUp();
}
