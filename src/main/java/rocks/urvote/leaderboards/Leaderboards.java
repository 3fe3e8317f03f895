package rocks.urvote.leaderboards;

import java.util.Optional;
import rocks.urvote.contests.Contest;
import rocks.urvote.web.Caller;

/// Who leads, as one reader may see it.
public interface Leaderboards {

    Board of(Contest contest, Optional<Caller> reader, int most);
}
