package rocks.urvote.contests;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import rocks.urvote.web.Caller;

/// What contests ask of those who count something in them.
public interface ContestCounts {

    enum Counted {
        SONGS,
        VOTES
    }

    Counted counted();

    /// How many there are in each of these contests; one of which this caller may not know it is missing.
    Map<ContestId, Long> in(Collection<Contest> contests, Optional<Caller> caller);
}
