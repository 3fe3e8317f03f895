package rocks.urvote.votes;

import java.sql.Connection;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import rocks.urvote.kernel.Sql;

/// Tallies against what they are the sum of: the counted votes of attached months, and what was archived of the others.
/// One statement, so that votes cast meanwhile are in both or in neither.
final class Recount {

    record Difference(long song, long tally, long recount) {}

    private final JdbcClient db;

    Recount(Connection connection) {
        this.db = Sql.on(new SingleConnectionDataSource(connection, true));
    }

    /// The songs whose tally is another than a recount; empty where all is well.
    List<Difference> differences() {
        return db.sql("""
            with recounted as (
                select song_id, sum(n)::bigint as n
                  from (select song_id, count(*) as n from contest.votes where status = 'counted' group by song_id
                         union all
                        select song_id, n from contest.archived_tallies) counted
                 group by song_id
            ), tallied as (
                select song_id, sum(n)::bigint as n from contest.song_tallies group by song_id
            )
            select song_id as song, coalesce(tallied.n, 0) as tally, coalesce(recounted.n, 0) as recount
              from tallied
              full join recounted using (song_id)
             where coalesce(tallied.n, 0) <> coalesce(recounted.n, 0)
             order by song_id
            """)
                .query((row, _) -> new Difference(row.getLong("song"), row.getLong("tally"), row.getLong("recount")))
                .list();
    }
}
