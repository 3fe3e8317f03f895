package rocks.urvote.operations.figures;

import java.sql.SQLException;
import java.time.Duration;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import rocks.urvote.kernel.Sql;
import rocks.urvote.operations.DatabaseUrl;

/// How far the replica of `URVOTE_REPLICA_URL` is.
public sealed interface Replica {

    /// It answers, and follows.
    ///
    /// @param bytes of the journal that it has not replayed yet
    /// @param lag   since what it replayed last was committed; none where it has replayed everything
    record Following(long bytes, Duration lag) implements Replica {}

    /// It cannot be asked, or follows nobody.
    record Away(String why) implements Replica {}

    /// Asked itself, so that it is known also to who may not look into the primary's senders.
    static Replica of(DatabaseUrl url, JdbcClient primary) {
        var written = primary.sql("select pg_current_wal_lsn()::text")
                .query(String.class)
                .single();
        try (var connection = url.connect()) {
            return Sql.on(new SingleConnectionDataSource(connection, true))
                    .sql("""
                        select pg_is_in_recovery() as follows,
                               coalesce(greatest(pg_wal_lsn_diff(:written::pg_lsn, pg_last_wal_replay_lsn()), 0), 0)::bigint
                                   as bytes,
                               coalesce(extract(epoch from now() - coalesce(pg_last_xact_replay_timestamp(), pg_postmaster_start_time())), 0)::float8 as seconds
                        """)
                    .param("written", written)
                    .query((row, _) -> row.getBoolean("follows")
                            ? new Following(
                                    row.getLong("bytes"),
                                    row.getLong("bytes") == 0
                                            ? Duration.ZERO
                                            : Duration.ofMillis(Math.round(row.getDouble("seconds") * 1000)))
                            : (Replica) new Away("%s is a primary itself, and follows nobody".formatted(url.hosts())))
                    .single();
        } catch (SQLException | DataAccessException e) {
            return new Away("%s cannot be asked: %s"
                    .formatted(
                            url.hosts(),
                            String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
        }
    }
}
