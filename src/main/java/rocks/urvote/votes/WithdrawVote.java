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
    private final Clock clock;
    private final ApplicationEventPublisher facts;
    private final List<VotesChanged> watchers;

    WithdrawVote(
            Transactions transactions,
            JdbcClient db,
            Clock clock,
            ApplicationEventPublisher facts,
            List<VotesChanged> watchers) {
        this.transactions = transactions;
        this.db = db;
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
        var contest = where.get().contest();
        lockBallot(contest, voter, where.get().day());
        return withdraw(voter, song, where.get().day())
                .map(vote -> {
                    freeThePlace(contest, voter, where.get().day(), song);
                    if (vote.counted()) {
                        subtract(song);
                    }
                    facts.publishEvent(new VoteWithdrawn(vote.vote(), song, contest, voter, clock.instant()));
                    return (Outcome) new Outcome.Withdrawn(contest);
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

    /// Ballots are locked before votes, and votes before tallies: the same order everywhere, so nobody deadlocks.
    private void lockBallot(ContestId contest, UserId voter, LocalDate day) {
        db.sql("""
            select n
              from ballots
             where contest_id = :contest and voter_id = :voter and vote_day = :day
               for update
            """)
                .param("contest", contest)
                .param("voter", voter)
                .param("day", day)
                .query()
                .listOfRows();
    }

    record Taken(VoteId vote, boolean counted) {}

    private Optional<Taken> withdraw(UserId voter, SongId song, LocalDate day) {
        return db.sql("""
            with was as (
                select id, status
                  from votes
                 where song_id = :song and voter_id = :voter and vote_day = :day and status in ('counted', 'held')
                   for update
            )
            update votes v
               set status = 'withdrawn', changed_at = now(), changed_by = :voter, change_reason = 'withdrawn by the voter'
              from was
             where v.id = was.id and v.voter_id = :voter and v.vote_day = :day
            returning v.id as vote, was.status = 'counted' as counted
            """)
                .param("song", song)
                .param("voter", voter)
                .param("day", day)
                .query(Taken.class)
                .optional();
    }

    private void freeThePlace(ContestId contest, UserId voter, LocalDate day, SongId song) {
        db.sql("""
            update ballots
               set songs = array_remove(songs[1 : n], :song), n = n - 1, added = 0
             where contest_id = :contest and voter_id = :voter and vote_day = :day
            """)
                .param("song", song)
                .param("contest", contest)
                .param("voter", voter)
                .param("day", day)
                .update();
    }

    private void subtract(SongId song) {
        db.sql("""
            insert into song_tallies as t (song_id, shard, n, changes)
            values (:song, -1 - pg_backend_pid() % 8, -1, 1)
                on conflict (song_id, shard) do update
                   set n = t.n - 1, changes = t.changes + 1, changed_at = now()
            """).param("song", song).update();
    }
}
