package rocks.urvote.leaderboards;

import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import rocks.urvote.contests.ContestId;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.songs.SongId;

/// What the tallies say. Each vote moves them in its own transaction, so they are what a recount would find.
@Repository
class Tallies {

    private final Transactions transactions;
    private final JdbcClient db;

    Tallies(Transactions transactions, JdbcClient db) {
        this.transactions = transactions;
        this.db = db;
    }

    record Standing(
            int rank,
            int place,
            SongId song,
            String title,
            String artistName,
            long votes,
            Instant shownSince,
            Instant changed) {}

    /// Every approved song of a contest with its votes; equal counts share a rank, and stand by title within it.
    List<Standing> standings(ContestId contest) {
        return transactions.as(
                Acting.LOOKUP,
                () -> db.sql("""
                    select rank() over (order by t.votes desc)::integer as rank,
                           row_number() over (order by lower(s.title), s.title, s.id)::integer as place,
                           s.id as song, s.title, s.artist_name, t.votes, s.approved_at as shown_since,
                           greatest(s.approved_at, t.changed_at) as changed
                      from songs s
                     cross join lateral (select coalesce(sum(n), 0)::bigint as votes, max(changed_at) as changed_at
                                           from song_tallies
                                          where song_id = s.id) t
                     where s.contest_id = :contest and s.status = 'approved'
                     order by t.votes desc, lower(s.title), s.title, s.id
                    """)
                        .param("contest", contest)
                        .query(Standing.class)
                        .list());
    }
}
