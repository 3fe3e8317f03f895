package rocks.urvote.audit;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/// The seals over the log of one service, and what they prove.
///
/// A seal is SHA-256 over the digest of the seal before and the digests of its lines in the order of their ids; a
/// line's digest is SHA-256 over its columns as a JSON array. The first one follows SHA-256 of `urvote` and the
/// service's name.
///
/// Nobody waits for a seal: lines are written as ever, and sealed later by whoever comes by. As transactions end in
/// another order than they draw ids in, a seal names the very ids it holds, and what comes late goes into a later one,
/// for a day. That day is counted back from the newest seal, and not from now: in a quiet time, in a backup, or after a
/// clock has jumped, what came late is as good as before.
final class Seals {

    private static final Pattern RANGE = Pattern.compile("\\[([0-9]+),([0-9]+)\\)");
    private static final int MOST_LINES = 10_000;

    private static final String LINE_DIGEST = """
        sha256(convert_to(jsonb_build_array(
               id, to_char(happened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), fact, actor_role, actor_id,
               client_id, reason, detail)::text, 'UTF8'))
        """;

    private static final String SEAL_DIGEST =
            "sha256(%s || coalesce(string_agg(" + LINE_DIGEST + ", ''::bytea order by id), ''::bytea))";

    private final JdbcClient db;
    private final String service;

    Seals(JdbcClient db, String service) {
        this.db = db;
        this.service = service;
    }

    static Seals on(Connection connection, String service) {
        return new Seals(JdbcClient.create(new SingleConnectionDataSource(connection, true)), service);
    }

    /// The newest seal.
    record Head(long no, String digest) {}

    /// What there is of them.
    record Extent(long seals, long lines) {}

    /// Sets one more seal over what has none yet, and tells over how many lines: none when there was nothing to seal.
    long sealNext() {
        return db.sql("""
            with recent as (
                select coalesce(max(upper(ids)) filter (where %4$s), 0) as floor,
                       coalesce(range_agg(ids) filter (where not %4$s), '{}') as sealed
                  from %1$s.audit_seals
            ), open as (
                select a.*
                  from %1$s.audit_log a
                 where a.id >= (select floor from recent)
                   and not a.id <@ (select sealed from recent)
                 order by a.id
                 limit :most
            ), last as (
                select coalesce(max(no), 0) as no,
                       coalesce((array_agg(digest order by no desc))[1], %2$s) as digest
                  from %1$s.audit_seals
            ), next as (
                select range_agg(int8range(id, id + 1)) as ids, count(*) as lines, %3$s as digest
                  from open
            ), sealed as (
                insert into %1$s.audit_seals (no, ids, lines, digest)
                select last.no + 1, next.ids, next.lines, next.digest
                  from next, last
                 where next.lines > 0
                returning lines
            )
            select coalesce(sum(lines), 0)
              from sealed
            """.formatted(service, first(), SEAL_DIGEST.formatted("(select digest from last)"), settled()))
                .param("most", MOST_LINES)
                .query(Long.class)
                .single();
    }

    Optional<Head> head() {
        return db.sql("select no, digest from %s.audit_seals order by no desc limit 1".formatted(service))
                .query((row, _) -> new Head(row.getLong("no"), HexFormat.of().formatHex(row.getBytes("digest"))))
                .optional();
    }

    Extent extent() {
        return db.sql("select count(*) as seals, coalesce(sum(lines), 0) as lines from %s.audit_seals"
                        .formatted(service))
                .query((row, _) -> new Extent(row.getLong("seals"), row.getLong("lines")))
                .single();
    }

    /// Whether the seal somebody saw once is still there.
    boolean has(Head seen) {
        return db.sql("select exists (select from %s.audit_seals where no = :no and digest = decode(:digest, 'hex'))"
                        .formatted(service))
                .param("no", seen.no())
                .param("digest", seen.digest())
                .query(Boolean.class)
                .single();
    }

    private record Broken(long no, long before, boolean missing, boolean holds, String ids, String gone) {}

    /// What does not fit together, as sentences; empty where every line is as it was when it was sealed.
    List<String> faults() {
        var faults = new ArrayList<String>();
        for (var seal : broken()) {
            if (seal.before() != seal.no() - 1) {
                faults.add(
                        "%s: seals %d to %d of the log are gone".formatted(service, seal.before() + 1, seal.no() - 1));
            }
            if (seal.missing()) {
                faults.add("%s: lines %s of the log were removed after seal %d was set over them"
                        .formatted(service, seal.gone(), seal.no()));
            } else if (!seal.holds() && seal.before() == seal.no() - 1) {
                faults.add("%s: seal %d does not hold: one of the lines %s, or the seal, was changed"
                        .formatted(service, seal.no(), seal.ids()));
            }
        }
        late().ifPresent(id -> faults.add(
                "%s: line %d of the log has no seal, and neither do others perhaps, though later ones were sealed more than a day before the newest seal: it was added by hand"
                        .formatted(service, id)));
        return faults;
    }

    private List<Broken> broken() {
        return db.sql("""
            with chain as (
                select no, ids, lines, digest,
                       lag(digest, 1, %2$s) over (order by no) as previous,
                       lag(no, 1, 0::bigint) over (order by no) as before
                  from %1$s.audit_seals
            ), looked as (
                select c.no, c.before, c.ids, l.there < c.lines as missing, l.digest = c.digest as holds
                  from chain c
                 cross join lateral (
                       select count(*) as there, %3$s as digest
                         from %1$s.audit_log
                        where id >= lower(c.ids) and id < upper(c.ids) and id <@ c.ids) l
            )
            select no, before, missing, holds, ids::text as ids,
                   (ids - coalesce((select range_agg(int8range(id, id + 1))
                                      from %1$s.audit_log
                                     where id >= lower(ids) and id < upper(ids) and id <@ ids), '{}'))::text as gone
              from looked
             where missing or not holds or before <> no - 1
             order by no
             limit 20
            """.formatted(service, first(), SEAL_DIGEST.formatted("c.previous")))
                .query((row, _) -> new Broken(
                        row.getLong("no"),
                        row.getLong("before"),
                        row.getBoolean("missing"),
                        row.getBoolean("holds"),
                        numbers(row.getString("ids")),
                        numbers(row.getString("gone"))))
                .list();
    }

    private Optional<Long> late() {
        return db.sql("""
            select id
              from %1$s.audit_log
             where id < (select max(upper(ids)) from %1$s.audit_seals where %2$s)
               and not id <@ (select range_agg(ids) from %1$s.audit_seals)
             order by id
             limit 1
            """.formatted(service, settled())).query(Long.class).optional();
    }

    /// `{[5,6),[8,11)}` as people write it: 5, 8 to 10.
    static String numbers(String multirange) {
        var words = new ArrayList<String>();
        var ranges = RANGE.matcher(multirange);
        while (ranges.find() && words.size() < 20) {
            long from = Long.parseLong(ranges.group(1));
            long to = Long.parseLong(ranges.group(2)) - 1;
            words.add(from == to ? Long.toString(from) : "%d to %d".formatted(from, to));
        }
        return String.join(", ", words);
    }

    /// Of such a seal it is settled that no line comes in among its lines any more.
    private String settled() {
        return "sealed_at < (select sealed_at from %s.audit_seals order by no desc limit 1) - interval '1 day'"
                .formatted(service);
    }

    private String first() {
        return "sha256(convert_to('urvote %s', 'UTF8'))".formatted(service);
    }
}
