package rocks.urvote.songs;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import rocks.urvote.contests.Contest;
import rocks.urvote.contests.ContestCounts;
import rocks.urvote.contests.ContestId;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.web.Caller;

/// How many approved songs each contest has.
@Component
class ContestSongs implements ContestCounts {

    private final Transactions transactions;
    private final JdbcClient db;

    ContestSongs(Transactions transactions, JdbcClient db) {
        this.transactions = transactions;
        this.db = db;
    }

    @Override
    public Counted counted() {
        return Counted.SONGS;
    }

    private record Count(ContestId contest, long songs) {}

    @Override
    public Map<ContestId, Long> in(Collection<Contest> contests, Optional<Caller> caller) {
        var counts = new HashMap<ContestId, Long>();
        contests.forEach(contest -> counts.put(contest.id(), 0L));
        if (counts.isEmpty()) {
            return counts;
        }
        transactions
                .as(
                        Acting.LOOKUP,
                        () -> db.sql("""
                            select contest_id as contest, count(*) as songs
                              from songs
                             where contest_id in (:contests) and status = 'approved'
                             group by contest_id
                            """)
                                .param(
                                        "contests",
                                        counts.keySet().stream()
                                                .map(ContestId::value)
                                                .toList())
                                .query(Count.class)
                                .list())
                .forEach(count -> counts.put(count.contest(), count.songs()));
        return counts;
    }
}
