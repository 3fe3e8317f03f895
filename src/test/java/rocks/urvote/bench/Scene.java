package rocks.urvote.bench;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// A contest of its own with songs and as many voters as are needed, made by the superuser of the database. It hands
/// out what is to be tried: each voter wants more songs than a day allows, and each song once.
final class Scene {

    static final int VOTES_PER_DAY = 10;

    private static final int VOTERS_AT_ONCE = 200;

    private final String databaseUrl;
    private final TokenMint mint;
    private final Random random;
    private final int songsOfAVoter;
    private final long contest;
    private final List<Long> songs;
    private final BlockingQueue<Attempt> waiting = new ArrayBlockingQueue<>(100_000);

    private Scene(
            String databaseUrl, TokenMint mint, Random random, int songsOfAVoter, long contest, List<Long> songs) {
        this.databaseUrl = databaseUrl;
        this.mint = mint;
        this.random = random;
        this.songsOfAVoter = songsOfAVoter;
        this.contest = contest;
        this.songs = songs;
    }

    /// One vote that somebody wants to give: under a key, or without one where `key` is empty.
    record Attempt(long voter, String token, long song, String key) {

        boolean keyed() {
            return !key.isEmpty();
        }
    }

    static Scene set(String databaseUrl, Random random, int songs, int songsOfAVoter) {
        var mint = new TokenMint();
        try (var db = connect(databaseUrl)) {
            var name = "Chaos " + mint.keyId();
            var contest = number(db, """
                with client as (
                    insert into contest.clients (slug, name) values (?, ?) returning id
                )
                insert into contest.contests (client_id, name, start_date, end_date, max_entries_per_user, settings)
                select id, ?, now() - interval '1 day', now() + interval '30 days', 1000,
                       jsonb_build_object('time_zone', ?::text, 'votes_per_day', ?::int)
                  from client
                returning id
                """, mint.keyId(), name, name, zoneWhereTheDayIsYoung(), VOTES_PER_DAY);
            var made = numbers(db, """
                insert into contest.songs (client_id, contest_id, title, artist_name, ai_tools_used, external_link,
                                           is_approved, approved_at, artist_id, rights_declared_at,
                                           rights_text_version, entry_number)
                select c.client_id, c.id, 'Song ' || n, 'Ann Onym', 'by hand',
                       'https://www.youtube.com/watch?v=dQw4w9WgXcQ', true, now(), 9000000000000, now(), '1', n
                  from contest.contests c
                 cross join generate_series(1, ?::int) n
                 where c.id = ?
                returning id
                """, songs, contest);
            try (var key = db.prepareStatement("""
                with added as (
                    insert into identity.signing_keys (id, public_jwk) values (?, ?::jsonb)
                )
                select pg_notify('urvote_signing_keys', ?)
                """)) {
                key.setString(1, mint.keyId());
                key.setString(2, mint.publicJwk());
                key.setString(3, mint.keyId());
                key.execute();
            }
            return new Scene(databaseUrl, mint, random, songsOfAVoter, contest, made);
        } catch (SQLException e) {
            throw new IllegalStateException("The scene could not be set", e);
        }
    }

    long contest() {
        return contest;
    }

    String databaseUrl() {
        return databaseUrl;
    }

    Connection connect() throws SQLException {
        return connect(databaseUrl);
    }

    static Connection connect(String url) throws SQLException {
        var uri = URI.create(url);
        var login = List.of(uri.getUserInfo().split(":", 2));
        return DriverManager.getConnection(
                "jdbc:postgresql://%s:%d%s?connectTimeout=5&socketTimeout=120"
                        .formatted(uri.getHost(), uri.getPort(), uri.getPath()),
                login.get(0),
                login.get(1));
    }

    /// Voters must be there before the database is away.
    void enough(int attempts) {
        while (waiting.size() < attempts) {
            bringVoters(VOTERS_AT_ONCE);
        }
    }

    /// The next one; the wishes of one voter come close together, so that they meet. None when all are used up.
    Attempt next() {
        return waiting.poll();
    }

    /// What so many people want, who all come at once.
    List<Attempt> wishesOf(int voters) {
        var wishes = new ArrayList<Attempt>();
        try (var db = connect()) {
            for (long voter : newVoters(db, voters)) {
                var token = mint.token(voter);
                var wanted = new ArrayList<>(songs);
                java.util.Collections.shuffle(wanted, random);
                for (long song : wanted.subList(0, songsOfAVoter)) {
                    wishes.add(new Attempt(voter, token, song, key()));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("No voters could be made", e);
        }
        return wishes;
    }

    private void bringVoters(int voters) {
        waiting.addAll(wishesOf(voters));
    }

    private String key() {
        return random.nextInt(5) == 0 ? "" : "chaos-%016x%016x".formatted(random.nextLong(), random.nextLong());
    }

    private static List<Long> newVoters(Connection db, int count) throws SQLException {
        return numbers(db, """
            with people as (
                select 'chaos-' || gen_random_uuid() as name from generate_series(1, ?::int)
            )
            insert into identity.users (email, email_folded, username, email_verified)
            select name || '@example.org', name || '@example.org', name, true
              from people
            returning id
            """, count);
    }

    /// A retry after midnight would be a vote of another day: here midnight is far.
    private static String zoneWhereTheDayIsYoung() {
        int hour = Instant.now().atZone(ZoneOffset.UTC).getHour();
        int back = Math.max(0, Math.min(12, hour - 1));
        return back == 0 ? "UTC" : "Etc/GMT+" + back;
    }

    private static long number(Connection db, String sql, Object... parameters) throws SQLException {
        return numbers(db, sql, parameters).getFirst();
    }

    private static List<Long> numbers(Connection db, String sql, Object... parameters) throws SQLException {
        try (var statement = db.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            var found = new ArrayList<Long>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getLong(1));
                }
            }
            return found;
        }
    }
}
