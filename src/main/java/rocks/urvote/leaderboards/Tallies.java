package rocks.urvote.leaderboards;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.ResultSetExtractor;
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

    /// Where all songs of a contest stand. The version grows with each change of them and never falls, on any node.
    record Standings(long version, List<Standing> songs) {
        Standings {
            songs = List.copyOf(songs);
        }
    }

    /// Every approved song of a contest with its votes; equal counts share a rank, and stand by title within it.
    ///
    /// The version counts the changes of every song, also of those that are not shown:
    /// else it would fall when one is withdrawn.
    ///
    /// Tallies are looked up song by song, by their key: a contest that statistics do not know yet would be planned
    /// as if it had one song, and all tallies read once for each.
    Standings standings(ContestId contest) {
        return transactions.as(Acting.LOOKUP, () -> {
            db.sql("set local enable_seqscan = off").update();
            return db.sql("""
                with entered as materialized (
                    select s.id, s.title, s.artist_name, s.approved_at, s.status, s.revision,
                           t.votes, t.changes, t.changed_at
                      from songs s
                     cross join lateral (select coalesce(sum(n), 0)::bigint as votes,
                                                coalesce(sum(changes), 0)::bigint as changes,
                                                max(changed_at) as changed_at
                                           from song_tallies
                                          where song_id = s.id) t
                     where s.contest_id = :contest
                )
                select version, rank, place, song, title, artist_name, votes, shown_since, changed
                  from (select coalesce(sum(revision + changes), 0)::bigint as version from entered) v
                  left join (select rank() over (order by votes desc)::integer as rank,
                                    row_number() over (order by lower(title), title, id)::integer as place,
                                    id as song, title, artist_name, votes, approved_at as shown_since,
                                    greatest(approved_at, changed_at) as changed
                               from entered
                              where status = 'approved') shown on true
                 order by rank, place
                """).param("contest", contest).query((ResultSetExtractor<Standings>) Tallies::read);
        });
    }

    /// One row without a song where none is approved.
    private static Standings read(ResultSet rows) throws SQLException {
        var songs = new ArrayList<Standing>();
        long version = 0;
        while (rows.next()) {
            version = rows.getLong("version");
            long song = rows.getLong("song");
            if (!rows.wasNull()) {
                songs.add(new Standing(
                        rows.getInt("rank"),
                        rows.getInt("place"),
                        new SongId(song),
                        rows.getString("title"),
                        rows.getString("artist_name"),
                        rows.getLong("votes"),
                        instant(rows, "shown_since"),
                        instant(rows, "changed")));
            }
        }
        return new Standings(version, songs);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
