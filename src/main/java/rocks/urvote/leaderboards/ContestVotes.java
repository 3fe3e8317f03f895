package rocks.urvote.leaderboards;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import rocks.urvote.contests.Contest;
import rocks.urvote.contests.ContestCounts;
import rocks.urvote.contests.ContestId;
import rocks.urvote.web.Caller;

/// How many votes count in each contest, for whoever may know.
@Component
class ContestVotes implements ContestCounts {

    private final Boards boards;

    ContestVotes(Boards boards) {
        this.boards = boards;
    }

    @Override
    public Counted counted() {
        return Counted.VOTES;
    }

    @Override
    public Map<ContestId, Long> in(Collection<Contest> contests, Optional<Caller> caller) {
        var votes = new HashMap<ContestId, Long>();
        for (var contest : contests) {
            var total =
                    boards.of(contest, boards.countsHiddenFrom(caller, contest)).totalVotes();
            if (total != null) {
                votes.put(contest.id(), total);
            }
        }
        return votes;
    }
}
