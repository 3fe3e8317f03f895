package rocks.urvote.contests;

import java.util.Optional;

/// Contests out of the node's memory, for what is asked thousands of times a second.
public interface LiveContests {

    /// The contest, drafts too, whoever asks: whether it may be shown is the caller's to decide. Its state is the
    /// present one by the database's clock.
    ///
    /// A change made anywhere is seen as soon as the node hears of it, and at the latest after half a minute; while
    /// the database is away, the last that was known is given. Reads on a connection of its own, so it is not to be
    /// asked from within a transaction.
    Optional<Contest> find(ContestId contest);
}
