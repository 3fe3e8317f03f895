package rocks.urvote.operations.backups;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import rocks.urvote.contests.ContestId;
import rocks.urvote.contests.ContestSettings;
import rocks.urvote.operations.Backups;
import rocks.urvote.operations.BucketKeys;
import rocks.urvote.operations.BucketUrl;
import rocks.urvote.operations.DatabaseUrl;
import rocks.urvote.operations.Program;
import rocks.urvote.testkit.S3Server;
import rocks.urvote.testkit.Stage;

/// What tests of backups share: the program at its command line, and databases looked at by their superuser.
final class BackupStage {

    private final Path folder;
    private final Map<String, String> settings = new HashMap<>();
    String output = "";

    BackupStage(Path folder, String databaseUrl) {
        this.folder = folder;
        settings.put("URVOTE_DATABASE_URL", databaseUrl);
        settings.put("URVOTE_DATA_DIR", folder.toString());
        settings.put("URVOTE_BACKUPS", backups().toString());
    }

    BackupStage with(String setting, String value) {
        settings.put(setting, value);
        return this;
    }

    Path backups() {
        return folder.resolve("backups");
    }

    /// What `urvote serve` would have, with a backup at three.
    Backups settings(Optional<BucketUrl> bucket) {
        return settings(bucket, 30, 12);
    }

    Backups settings(Optional<BucketUrl> bucket, int days, int months) {
        return new Backups(
                bucket,
                bucket.map(_ -> new BucketKeys(S3Server.ACCESS_KEY, S3Server.SECRET_KEY)),
                backups(),
                folder.resolve("backing-up"),
                folder.resolve("uploads"),
                Optional.of(3),
                days,
                months,
                Optional.empty(),
                Optional.empty());
    }

    int run(String... arguments) {
        var out = new StringWriter();
        var printer = new PrintWriter(out, true);
        try {
            return Program.run(Class.forName("rocks.urvote.UrVote"), settings, folder, printer, printer, arguments);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("The program is rocks.urvote.UrVote", e);
        } finally {
            output = out.toString();
        }
    }

    /// The path of a backup that was just made.
    Path backUp(String... options) throws Exception {
        var line = new ArrayList<>(List.of("backup"));
        line.addAll(List.of(options));
        assertThat(run(line.toArray(String[]::new))).as(output).isZero();
        return backups().resolve(new BackupFolder(backups()).names().getFirst());
    }

    /// Another database of the same server, not there yet.
    static String missing(String databaseUrl) {
        return databaseUrl.substring(0, databaseUrl.lastIndexOf('/') + 1)
                + Stage.unique("restored_%d_".formatted(ProcessHandle.current().pid()));
    }

    static String as(String databaseUrl, String user, String password) {
        return "postgresql://%s:%s%s".formatted(user, password, databaseUrl.substring(databaseUrl.indexOf('@')));
    }

    static List<String> rows(String databaseUrl, String sql) {
        var url = DatabaseUrl.parse(databaseUrl);
        try (var connection = url.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var list = new ArrayList<String>();
            while (rows.next()) {
                list.add(rows.getString(1));
            }
            return list;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    static void execute(String databaseUrl, String... statements) {
        try (var connection = DatabaseUrl.parse(databaseUrl).connect();
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(String.join("; ", statements), e);
        }
    }

    /// Every row of every table, each table as the MD5 of its rows in their order as text: nothing of this is shared
    /// with what is tested. Of the migrations those that are repeatable are done again, and aside.
    static Map<String, String> everything(String databaseUrl) {
        var everything = new TreeMap<String, String>();
        for (var table : rows(databaseUrl, """
            select schemaname || '.' || tablename
              from pg_tables
             where schemaname in ('identity', 'media', 'contest')
               -- A running UrVote sets another seal, does its chores and measures itself meanwhile; the proof of a backup
               -- compares those that are in it.
               and tablename not in ('audit_seals', 'chore_runs', 'size_samples')
            """)) {
            var rows = rows(
                            databaseUrl,
                            """
                            select count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' order by t::text collate "C")), '')
                              from only %s t
                            """.formatted(table)
                                    + (table.endsWith(".flyway_schema_history") ? " where version is not null" : ""))
                    .getFirst();
            if (!rows.startsWith("0 ") || !table.matches(".*_[0-9]{4}_[0-9]{2}")) {
                everything.put(table, rows);
            }
        }
        return everything;
    }

    /// What stands around the rows: policies, grants, triggers, constraints, indexes, what is attached to what.
    static List<String> surroundings(String databaseUrl) {
        return rows(databaseUrl, """
            select line from (
                select c.oid::regclass || ' ' || c.relkind::text || c.relrowsecurity || c.relforcerowsecurity || c.relispartition
                       || c.relpersistence::text || pg_get_userbyid(c.relowner) || coalesce(c.relacl::text, '')
                       || coalesce(pg_get_expr(c.relpartbound, c.oid), '') as line, c.oid
                  from pg_class c where c.relkind in ('r', 'p', 'v', 'S')
                 union all
                select c.oid::regclass || ' trigger ' || t.tgname || ' ' || t.tgenabled::text, c.oid
                  from pg_trigger t join pg_class c on c.oid = t.tgrelid where not t.tgisinternal
                 union all
                select c.oid::regclass || ' ' || pg_get_constraintdef(o.oid), c.oid
                  from pg_constraint o join pg_class c on c.oid = o.conrelid where o.contype <> 'n'
                 union all
                select c.oid::regclass || ' policy ' || p.polname, c.oid
                  from pg_policy p join pg_class c on c.oid = p.polrelid
                 union all
                select c.oid::regclass || ' index ' || regexp_replace(pg_get_indexdef(i.indexrelid), ' INDEX .* USING', ''), c.oid
                  from pg_index i join pg_class c on c.oid = i.indrelid) lines
              join pg_class c using (oid)
             where c.relnamespace in ('identity'::regnamespace, 'media'::regnamespace, 'contest'::regnamespace)
             order by line collate "C"
            """);
    }

    /// Votes of three months ago, counted, held, void and withdrawn, with whatever a row can hold; a month before that
    /// is detached.
    static void odd(Stage stage, String databaseUrl) {
        var month = YearMonth.now(ZoneOffset.UTC).minusMonths(3);
        for (var each : List.of(month, month.minusMonths(1))) {
            var contest = stage.contest(
                    ContestSettings.DEFAULT,
                    each.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant(),
                    each.atEndOfMonth().atStartOfDay(ZoneOffset.UTC).toInstant());
            votes(stage, databaseUrl, contest, each);
        }
        var gone = month.minusMonths(1).toString().replace('-', '_');
        execute(databaseUrl, """
            insert into contest.archived_tallies (month, song_id, n)
            select date_trunc('month', vote_day), song_id, count(*) from contest.votes_%1$s where status = 'counted' group by 1, 2;
            alter table contest.votes detach partition contest.votes_%1$s;
            alter table contest.ballots detach partition contest.ballots_%1$s
            """.formatted(gone));
        execute(databaseUrl, """
            update identity.users
               set profile_data = '{"bio": "Zeile\\nzwei\\tTab \\"Zitat\\" \\\\ 𝄞 日本", "n": [1, null, 2.50]}', hashed_password = null
             where id = (select max(id) from identity.users);
            update contest.songs
               set title = E'Back\\\\slash\\ttab\\nnewline "quote" ''single'' ; -- 𝄞', description = '', artist_name = '\\N'
             where id = (select max(id) from contest.songs)
            """);
    }

    private static void votes(Stage stage, String databaseUrl, ContestId contest, YearMonth month) {
        var song = stage.song(contest, Stage.unique("Song ")).value();
        execute(databaseUrl, """
            select contest.make_votes_partition('%1$s');
            insert into contest.votes (song_id, voter_id, contest_id, vote_day, status, changed_at, user_agent, fraud_flags, created_at, vote_weight, is_suspicious, country_code)
            select %2$d, n, %3$d, '%1$s'::date + 10, (array['counted', 'void', 'withdrawn', 'held'])[1 + n %% 4], now(),
                   case when n %% 3 = 0 then null else E'Walk"man,\\n\\\\''1.0\\t𝄞 ' || n end, case when n %% 2 = 0 then '{"a": [1, null, "\\u00e9"]}'::jsonb end,
                   '%1$s 11:00:00.123456+00', 0.5, n %% 5 = 0, case when n %% 7 = 0 then null else 'DE' end
              from generate_series(1, 1000) n;
            insert into contest.ballots (contest_id, voter_id, vote_day, lim, n, added, songs)
            select %3$d, n, '%1$s'::date + 10, 10, 1, 1, array[%2$d, n]::bigint[] from generate_series(1, 1000) n;
            insert into contest.song_tallies (song_id, shard, n, changes) values (%2$d, -1, 250, 250)
            """.formatted(month.atDay(1), song, contest.value()));
    }
}
