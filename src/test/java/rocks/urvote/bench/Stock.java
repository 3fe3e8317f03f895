package rocks.urvote.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// What the bench votes with: voters with tokens, contests of 1,000 songs, votes of past days. Made by the superuser of
/// the database, in bulk.
final class Stock {

    static final int SONGS = 1000;

    private final String url;
    private final TokenMint mint = new TokenMint();
    private long firstVoter;
    private int voters;
    private int daysFilled;

    Stock(String databaseUrl) {
        this.url = databaseUrl;
        run("""
            with added as (insert into identity.signing_keys (id, public_jwk) values (?, ?::jsonb))
            select pg_notify('urvote_signing_keys', ?)
            """, mint.keyId(), mint.publicJwk(), mint.keyId());
        run("insert into contest.clients (slug, name) values ('bench', 'Bench')");
    }

    record Contest(long id, long firstSong) {}

    long firstVoter() {
        return firstVoter;
    }

    int voters() {
        return voters;
    }

    Connection connect() throws SQLException {
        return connect(url, "");
    }

    static Connection connect(String url, String options) throws SQLException {
        var uri = URI.create(url);
        var login = List.of(uri.getUserInfo().split(":", 2));
        var properties = new java.util.Properties();
        properties.setProperty("user", login.get(0));
        properties.setProperty("password", login.get(1));
        properties.setProperty("prepareThreshold", "1");
        if (!options.isEmpty()) {
            properties.setProperty("options", options);
        }
        return DriverManager.getConnection(
                "jdbc:postgresql://%s:%d%s".formatted(uri.getHost(), uri.getPort(), uri.getPath()), properties);
    }

    /// Verified people, and a file with a token of each.
    void people(int number, Path tokens) throws IOException {
        firstVoter = number("""
            with made as (
                insert into identity.users (email, email_folded, username, email_verified)
                select 'bench-' || n || '@example.org', 'bench-' || n || '@example.org', 'bench-' || n, true
                  from generate_series(1, ?::int) n
                returning id
            )
            select min(id) from made
            """, number);
        voters = number;
        var lines = IntStream.range(0, number)
                .parallel()
                .mapToObj(n -> mint.token(firstVoter + n))
                .toList();
        Files.write(tokens, lines);
    }

    /// Open for a month, with 1,000 songs of somebody else, whose ids follow each other.
    Contest contest(int votesPerDay) {
        long id = number("""
            insert into contest.contests (client_id, name, start_date, end_date, max_entries_per_user, settings)
            select id, 'Bench ' || gen_random_uuid(), now() - interval '400 days', now() + interval '30 days', 1000,
                   jsonb_build_object('votes_per_day', ?::int)
              from contest.clients
             where slug = 'bench'
            returning id
            """, votesPerDay);
        long first = number("""
            with made as (
                insert into contest.songs (client_id, contest_id, title, artist_name, ai_tools_used, description,
                                           external_link, is_approved, approved_at, artist_id, rights_declared_at,
                                           rights_text_version, entry_number)
                select c.client_id, c.id, 'A song of the bench, number ' || n, 'Ann Onym and the ' || n || 's', 'by hand',
                       repeat('About this song there is something to say. ', 10),
                       'https://www.youtube.com/watch?v=dQw4w9WgXcQ', true, now() - interval '399 days', 9000000000000,
                       now(), '1', n
                  from contest.contests c
                 cross join generate_series(1, ?::int) n
                 where c.id = ?
                returning id
            )
            select min(id) from made
            """, SONGS, id);
        return new Contest(id, first);
    }

    /// Votes of past days, one a voter, contest and day, with their ballots and tallies. Foreign keys are not asked and
    /// indexes are made anew, or ten million would take an hour; the end is the same.
    ///
    /// Each fill takes the days before those of the last, or the same voters would vote twice.
    void fill(int total, int atMost, List<Contest> contests, int daysBetween) {
        var rounds = Math.ceilDiv(total, atMost);
        var people = total / rounds;
        run("""
            select contest.make_votes_partition(month::date)
              from generate_series(current_date - ?::int, current_date, interval '1 month') month
            """, daysFilled + rounds * daysBetween + 31);
        try (var db = connect()) {
            var indexes = withoutIndexes(db);
            for (var contest = 0; contest < contests.size(); contest++) {
                fill(db, people, rounds, contest, contests, daysBetween);
            }
            for (var index : indexes) {
                execute(db, index);
            }
            execute(db, "vacuum (analyze)");
            execute(db, "checkpoint");
            daysFilled += rounds * daysBetween;
        } catch (SQLException e) {
            throw new IllegalStateException("The votes of the past could not be made", e);
        }
    }

    /// Voter v in round r votes in contest (v + r) modulo their number, so each contest takes its share of each round.
    private void fill(Connection db, int people, int rounds, int at, List<Contest> contests, int daysBetween)
            throws SQLException {
        var contest = contests.get(at);
        var wishes = """
            select %1$d + v as voter, %2$d + (v * 7 + r * 13) %% %3$d as song,
                   current_date - 1 - %4$d - r * %5$d as day
              from generate_series(0, %6$d - 1) v
             cross join generate_series(0, %7$d - 1) r
             where (v + r) %% %8$d = %9$d
            """.formatted(
                firstVoter, contest.firstSong(), SONGS, daysFilled, daysBetween, people, rounds, contests.size(), at);
        execute(db, """
            insert into contest.votes (contest_id, song_id, voter_id, vote_day, created_at, ip_address, user_agent,
                                       country_code)
            select %d, song, voter, day, day + interval '12 hours', '198.51.' || voter %% 250 || '.' || song %% 250,
                   'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36',
                   'CH'
              from (%s) wishes
            """.formatted(contest.id(), wishes));
        execute(db, """
            insert into contest.ballots (contest_id, voter_id, vote_day, lim, n, added, songs)
            select %d, voter, day, 10, 1, 1, array[song] from (%s) wishes
            """.formatted(contest.id(), wishes));
        execute(db, """
            insert into contest.song_tallies as t (song_id, shard, n, changes)
            select song, 0, count(*), 1 from (%s) wishes group by song
                on conflict (song_id, shard) do update set n = t.n + excluded.n, changes = t.changes + 1
            """.formatted(wishes));
    }

    /// Takes the slow ones away, and gives the statements that make them again.
    private static List<String> withoutIndexes(Connection db) throws SQLException {
        execute(db, "set session_replication_role = replica");
        execute(db, "set synchronous_commit = off");
        execute(db, "set maintenance_work_mem = '512MB'");
        var again = new ArrayList<String>();
        for (var index : texts(db, """
            select indexdef from pg_indexes
             where schemaname = 'contest' and tablename = 'votes' and indexname <> 'votes_pkey'
            """)) {
            again.add(index.replace(" ON ONLY ", " ON "));
        }
        for (var name : texts(db, """
            select indexname from pg_indexes
             where schemaname = 'contest' and tablename = 'votes' and indexname <> 'votes_pkey'
            """)) {
            execute(db, "drop index contest." + name);
        }
        execute(db, "alter table contest.ballots drop constraint one_ballot_per_voter_and_day");
        again.add("alter table contest.ballots add constraint one_ballot_per_voter_and_day"
                + " primary key (contest_id, voter_id, vote_day)");
        return again;
    }

    /// Takes every vote away.
    void empty() {
        run("truncate contest.votes, contest.ballots, contest.song_tallies, contest.vote_answers");
        daysFilled = 0;
    }

    /// Bytes of the tables with their indexes, and rows.
    Map<String, long[]> sizes() {
        var sizes = new LinkedHashMap<String, long[]>();
        for (var table : List.of(
                "contest.votes", "contest.ballots", "contest.song_tallies", "contest.songs", "identity.users")) {
            sizes.put(table, new long[] {number("""
                select coalesce(sum(pg_total_relation_size(relid)) filter (where isleaf),
                                pg_total_relation_size(?::regclass))::bigint
                  from pg_partition_tree(?::regclass)
                """, table, table), number("select count(*) from " + table)});
        }
        return sizes;
    }

    void run(String sql, Object... parameters) {
        numbers(sql, parameters);
    }

    long number(String sql, Object... parameters) {
        return numbers(sql, parameters).getFirst();
    }

    private List<Long> numbers(String sql, Object... parameters) {
        try (var db = connect();
                var statement = db.prepareStatement(sql)) {
            for (var i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            var found = new ArrayList<Long>();
            if (statement.execute()) {
                try (var rows = statement.getResultSet()) {
                    while (rows.next()) {
                        found.add(rows.getObject(1) instanceof Number number ? number.longValue() : 0L);
                    }
                }
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException("The bench's own statement failed: " + sql, e);
        }
    }

    private static List<String> texts(Connection db, String sql) throws SQLException {
        try (var statement = db.createStatement();
                var rows = statement.executeQuery(sql)) {
            var found = new ArrayList<String>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }

    private static void execute(Connection db, String sql) throws SQLException {
        try (var statement = db.createStatement()) {
            statement.execute(sql);
        }
    }
}
