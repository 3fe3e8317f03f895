package rocks.urvote.votes;

import java.time.LocalDate;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import rocks.urvote.contests.ContestId;
import rocks.urvote.kernel.UserId;
import rocks.urvote.songs.SongId;

/// Votes that are in already, and what may become of them. Whoever changes one first locks its ballot, then it, then
/// moves the tally, all in one transaction: the same order everywhere, so nobody deadlocks.
@Repository
class StoredVotes {

    enum Status {
        COUNTED,
        HELD,
        VOID,
        WITHDRAWN
    }

    record Vote(VoteId id, SongId song, ContestId contest, UserId voter, LocalDate day, Status status) {}

    private final JdbcClient db;

    StoredVotes(JdbcClient db) {
        this.db = db;
    }

    Optional<Vote> find(VoteId vote) {
        return db.sql("""
            select id, song_id as song, contest_id as contest, voter_id as voter, vote_day as day, status
              from votes
             where id = :vote
            """).param("vote", vote).query(Vote.class).optional();
    }

    /// The vote as it is now, and stays until the transaction ends.
    Optional<Vote> lock(VoteId id, UserId voter, LocalDate day) {
        return db.sql("""
            select id, song_id as song, contest_id as contest, voter_id as voter, vote_day as day, status
              from votes
             where id = :id and voter_id = :voter and vote_day = :day
               for update
            """)
                .param("id", id)
                .param("voter", voter)
                .param("day", day)
                .query(Vote.class)
                .optional();
    }

    /// The vote that takes this voter's place for the song on that day, for the rest of the transaction.
    Optional<Vote> lockReceived(UserId voter, SongId song, LocalDate day) {
        return db.sql("""
            select id, song_id as song, contest_id as contest, voter_id as voter, vote_day as day, status
              from votes
             where song_id = :song and voter_id = :voter and vote_day = :day and status in ('counted', 'held')
               for update
            """)
                .param("song", song)
                .param("voter", voter)
                .param("day", day)
                .query(Vote.class)
                .optional();
    }

    void lockBallot(ContestId contest, UserId voter, LocalDate day) {
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

    /// Writes what became of it, and moves the tally by what it now counts more or less.
    void become(Vote vote, Status status, UserId by, String reason) {
        db.sql("""
            update votes
               set status = :status, changed_at = now(), changed_by = :by, change_reason = :reason
             where id = :id and voter_id = :voter and vote_day = :day
            """)
                .param("status", status)
                .param("by", by)
                .param("reason", reason)
                .param("id", vote.id())
                .param("voter", vote.voter())
                .param("day", vote.day())
                .update();
        var difference = counts(status) - counts(vote.status());
        if (difference != 0) {
            moveTally(vote.song(), difference);
        }
    }

    private static int counts(Status status) {
        return status == Status.COUNTED ? 1 : 0;
    }

    /// Not in a writer's shard, so that no writer waits for this transaction.
    private void moveTally(SongId song, int difference) {
        db.sql("""
            insert into song_tallies as t (song_id, shard, n, changes)
            values (:song, -1 - pg_backend_pid() % 8, :difference, 1)
                on conflict (song_id, shard) do update
                   set n = t.n + excluded.n, changes = t.changes + 1, changed_at = now()
            """).param("song", song).param("difference", difference).update();
    }

    /// A withdrawn vote's place is free for another.
    void freePlace(Vote vote) {
        db.sql("""
            update ballots
               set songs = array_remove(songs[1 : n], :song), n = n - 1, added = 0
             where contest_id = :contest and voter_id = :voter and vote_day = :day
            """)
                .param("song", vote.song())
                .param("contest", vote.contest())
                .param("voter", vote.voter())
                .param("day", vote.day())
                .update();
    }
}
