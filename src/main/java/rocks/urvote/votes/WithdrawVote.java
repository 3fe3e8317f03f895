package rocks.urvote.votes;

import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import rocks.urvote.contests.ContestId;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;
import rocks.urvote.songs.SongId;

/// Takes today's vote for a song back: the row stays as withdrawn, its place for the day is free again.
@Component
class WithdrawVote {

    /// What became of the wish.
    sealed interface Outcome {
        record Withdrawn(ContestId contest) implements Outcome {}

        record NoVoteToday() implements Outcome {}

        record VotingClosed() implements Outcome {}
    }

    private final Transactions transactions;
    private final JdbcClient db;
    private final StoredVotes votes;
    private final Clock clock;
    private final ApplicationEventPublisher facts;
    private final List<VotesChanged> watchers;

    WithdrawVote(
            Transactions transactions,
            JdbcClient db,
            StoredVotes votes,
            Clock clock,
            ApplicationEventPublisher facts,
            List<VotesChanged> watchers) {
        this.transactions = transactions;
        this.db = db;
        this.votes = votes;
        this.clock = clock;
        this.facts = facts;
        this.watchers = watchers;
    }

    Outcome withdraw(UserId voter, SongId song) {
        var outcome = transactions.as(Acting.ballotBox(voter), () -> inOneTransaction(voter, song));
        if (outcome instanceof Outcome.Withdrawn(var contest)) {
            watchers.forEach(watcher -> watcher.in(contest));
        }
        return outcome;
    }

    private Outcome inOneTransaction(UserId voter, SongId song) {
        var where = contestOf(song);
        if (where.isEmpty()) {
            return new Outcome.NoVoteToday();
        }
        if (!where.get().open()) {
            return new Outcome.VotingClosed();
        }
        votes.lockBallot(where.get().contest(), voter, where.get().day());
        return votes.lockReceived(voter, song, where.get().day())
                .map(vote -> {
                    votes.freePlace(vote);
                    votes.become(vote, StoredVotes.Status.WITHDRAWN, voter, "withdrawn by the voter");
                    facts.publishEvent(new VoteWithdrawn(vote.id(), song, vote.contest(), voter, clock.instant()));
                    return (Outcome) new Outcome.Withdrawn(vote.contest());
                })
                .orElseGet(Outcome.NoVoteToday::new);
    }

    record Where(ContestId contest, LocalDate day, boolean open) {}

    private Optional<Where> contestOf(SongId song) {
        return db.sql("""
            select c.id as contest, (now() at time zone coalesce(c.settings ->> 'time_zone', 'UTC'))::date as day,
                   c.is_active and c.voting_enabled and now() >= c.start_date and now() < c.end_date as open
              from songs s
              join contests c on c.id = s.contest_id
             where s.id = :song
            """).param("song", song).query(Where.class).optional();
    }
}
