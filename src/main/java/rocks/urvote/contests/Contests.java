package rocks.urvote.contests;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Slice;
import rocks.urvote.web.Window;

/// Every contest.
public interface Contests {

    /// As the one sees it for whom the transaction is made; outside of one, as the public does.
    Optional<Contest> find(ContestId contest);

    Map<ContestId, Contest> find(Collection<ContestId> contests);

    /// Whose it is, whoever asks: to find out as whom to look at it.
    Optional<ClientId> clientOf(ContestId contest);

    /// The contest as this caller sees it; leaves with 404 when there is none, or none for them.
    Contest seenBy(Optional<Caller> caller, ContestId contest);

    /// The contests of a client as the one sees them for whom the transaction is made: running ones first.
    List<Contest> ofClient(ClientId client);

    /// The contests of every client that are in this state, the newest first, as the one sees them for whom the
    /// transaction is made; outside of one, as the public does.
    Slice<Contest> in(Contest.State state, Window window);

    /// How many there are in each state that has some.
    Map<Contest.State, Long> countByState();

    /// All that are open now.
    List<Contest> open();
}
