package rocks.urvote.operations;

import java.time.Duration;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What became of the server's journal: whether it is archived, and how far.
///
/// @param on        whether it is to be
/// @param archived  the last piece that was, and when
/// @param failed    the last piece that was not, and when
/// @param failures  since the statistics began
/// @param failing   whether the last try was one of them
/// @param age       of the last success, in seconds
/// @param waiting   pieces that are full and not archived, where that can be told
record Archiver(
        boolean on,
        @Nullable String archived,
        @Nullable OffsetDateTime archivedAt,
        @Nullable String failed,
        @Nullable OffsetDateTime failedAt,
        long failures,
        boolean failing,
        long age,
        long waiting) {

    private static final Duration LONG = Duration.ofMinutes(10);

    static Archiver of(JdbcClient db) {
        return db.sql("""
            with journal as (
                select pg_size_bytes(current_setting('wal_segment_size')) as piece,
                       case when not pg_is_in_recovery() then pg_walfile_name(pg_current_wal_lsn()) end as now
            )
            select current_setting('archive_mode') <> 'off' as on,
                   a.last_archived_wal as archived,
                   a.last_archived_time as archived_at,
                   a.last_failed_wal as failed,
                   a.last_failed_time as failed_at,
                   a.failed_count as failures,
                   coalesce(a.last_failed_time > a.last_archived_time, a.last_failed_time is not null) as failing,
                   coalesce(extract(epoch from clock_timestamp() - a.last_archived_time), 0)::bigint as age,
                   case when a.last_archived_wal ~ '^[0-9A-F]{24}$' and j.now is not null
                        then (('x' || substr(j.now, 9, 8))::bit(32)::bigint
                            - ('x' || substr(a.last_archived_wal, 9, 8))::bit(32)::bigint) * (4294967296 / j.piece)
                           + ('x' || substr(j.now, 17, 8))::bit(32)::bigint
                           - ('x' || substr(a.last_archived_wal, 17, 8))::bit(32)::bigint - 1
                        else 0 end as waiting
              from pg_stat_archiver a cross join journal j
            """).query(Archiver.class).single();
    }

    /// Whether a restore to any moment is possible, in what `check` says of it.
    boolean works() {
        return on && archived != null && !failing && !(waiting > 1 && age > LONG.toSeconds());
    }

    String text() {
        if (!on) {
            return "off, so what was written since the last backup goes with the server's disk; 'urvote database"
                    + " archive' is for a restore to any moment (docs/recovery.md)";
        }
        if (failing) {
            return "%s could not be archived at %s, %s; the server's log and 'pgbackrest check' say why"
                    .formatted(
                            failed,
                            failedAt == null ? "an unknown time" : failedAt.toInstant(),
                            failures == 1 ? "the first failure" : "%,d failures in all".formatted(failures));
        }
        if (archived == null) {
            return "on, but nothing has been archived yet; look again after archive_timeout";
        }
        if (!works()) {
            return "%,d pieces of the journal wait, the last one went %,d minutes ago; the server's log says why"
                    .formatted(waiting, age / 60);
        }
        return "%s was archived %,d s ago%s"
                .formatted(archived, age, failures == 0 ? "" : ", after %,d failures before".formatted(failures));
    }
}
