package rocks.urvote.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;
import rocks.urvote.testkit.TestPostgres;

/// What somebody would try who could make the application send any statement: PostgreSQL's own ways around policies,
/// and its ways to tell of rows it does not show.
class AroundThePoliciesIT {

    private static final String SECRET = "only for the artist";

    static DatabaseUrl superuser;
    static Connection connection;

    @BeforeAll
    static void aDatabaseWithASecret() throws SQLException {
        superuser = DatabaseUrl.parse(TestPostgres.freshDatabase());
        var application = new Migrations(superuser, Optional.empty()).run(_ -> {});
        asSuperuser("""
            insert into identity.users (id, email, email_folded, username, hashed_password)
            values (1, 'only for the artist@example.org', 'x', 'only for the artist', 'only for the artist');
            insert into contest.clients (id, slug, name) values (1, 'a', 'A');
            insert into contest.contests (id, client_id, name, start_date, end_date, is_active)
            values (1, 1, 'only for the artist', now(), now() + interval '1 day', false);
            insert into contest.songs (id, client_id, contest_id, title, artist_name, ai_tools_used, external_link,
                                       artist_id, rights_declared_at, rights_text_version, entry_number)
            select n, 1, 1, 'only for the artist', 'A', 'none', 'https://example.org', 1, now(), '1', n
              from generate_series(1, 500) n;
            create statistics contest.told on title, artist_name from contest.songs;
            analyze contest.songs;
            analyze identity.users
            """);
        connection = application.connect();
        connection.setAutoCommit(false);
    }

    @AfterAll
    static void close() throws SQLException {
        connection.close();
    }

    @AfterEach
    void nothingStays() throws SQLException {
        connection.rollback();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set role urvote_owner",
                "set role urvote_backup",
                "set session authorization postgres",
                "alter role urvote_user bypassrls",
                "grant urvote_owner to urvote_user",
                "alter table contest.songs disable row level security",
                "drop policy song_access_policy on contest.songs",
                "create policy mine on contest.songs using (true)",
                "create function contest.mine() returns int language sql as 'select 1'",
                "create or replace function contest.acting_role() returns text language sql as $$select 'admin'$$",
                "create function public.mine() returns int language sql as 'select 1'",
                "create view contest.mine as select * from contest.songs",
                "create table public.mine (id int)",
                "create temporary table mine (id int)",
                "create temporary view mine as select 1",
                "create function pg_temp.leaky(text) returns boolean language plpgsql as $$begin return true; end$$",
                "create schema mine",
                "create foreign data wrapper mine",
                "create trigger t before update on contest.songs for each row execute function"
                        + " contest.count_a_revision()",
                "select pg_read_file('/etc/passwd')",
                "select pg_ls_dir('/')",
                "select lo_import('/etc/passwd')",
                "copy contest.songs to '/tmp/songs'",
                "copy contest.songs to program 'cat'",
                "copy contest.client_members from program 'echo'",
                "select setval('contest.votes_id_seq', 1)",
                "select last_value from contest.votes_id_seq",
                "select nextval('contest.songs_id_seq')",
                "select nextval('identity.users_id_seq')",
                "select * from pg_statistic",
                "select * from pg_authid",
                "select * from contest.flyway_schema_history",
                "truncate contest.votes",
                "delete from contest.songs",
                "lock table contest.songs in access exclusive mode",
                "vacuum contest.songs",
                "set session_replication_role = replica",
                "alter system set row_security = off",
            })
    void isNotAllowed(String attempt) {
        assertThatThrownBy(() -> run(attempt))
                .isInstanceOf(PSQLException.class)
                .satisfies(refused -> assertThat(((PSQLException) refused).getSQLState())
                        .as(String.valueOf(refused.getMessage()))
                        .isIn("42501", "25001"));
    }

    @Test
    void showsNothingInstead() throws SQLException {
        for (var question : List.of(
                "select title from contest.songs",
                "select name from contest.contests",
                "select email from identity.users",
                "select array_agg(most_common_vals::text) from pg_stats where schemaname in ('contest', 'identity')",
                "select array_agg(histogram_bounds::text) from pg_stats where schemaname in ('contest', 'identity')",
                "select most_common_vals::text from pg_stats_ext",
                "select query_to_xml('select * from contest.songs', true, true, '')::text",
                "select table_to_xml('contest.songs', true, true, '')::text",
                "select database_to_xml(true, true, '')::text",
                "select ts_stat::text from ts_stat('select to_tsvector(title) from contest.songs')")) {
            assertThat(String.join(" ", answer(question))).as(question).doesNotContain(SECRET);
            connection.rollback();
        }
    }

    /// A PostgreSQL may be built without XML.
    private static List<String> answer(String question) throws SQLException {
        try {
            return texts(question);
        } catch (SQLException e) {
            if ("0A000".equals(e.getSQLState())) {
                return List.of();
            }
            throw e;
        }
    }

    @Test
    void switchesNoPolicyOff() throws SQLException {
        run("set local row_security = off");

        assertThatThrownBy(() -> texts("select title from contest.songs"))
                .hasMessageContaining("query would be affected by row-level security policy");
    }

    @Test
    void copiesWhatItMayReadAndNothingIn() throws Exception {
        var copies = connection.unwrap(PGConnection.class).getCopyAPI();
        var out = new StringWriter();

        copies.copyOut("copy contest.songs to stdout", out);

        assertThat(out.toString()).isEmpty();
        assertThatThrownBy(() -> copies.copyIn("copy contest.client_members from stdin"))
                .hasMessageContaining("COPY FROM not supported with row-level security");
    }

    @Test
    void saysNothingOfTheRowThatIsInTheWay() {
        for (var attempt : List.of(
                """
                insert into identity.users (email, email_folded, username)
                values ('another@example.org', 'y', 'only for the artist')
                """, "insert into identity.users (email, email_folded, username) values ('another', 'x', 'another')")) {
            assertThatThrownBy(() -> {
                        run("select set_config('urvote.role', 'sign_in', true)");
                        run(attempt);
                    })
                    .isInstanceOfSatisfying(PSQLException.class, refused -> {
                        assertThat(refused.getSQLState()).isEqualTo("23505");
                        assertThat(Objects.requireNonNull(refused.getServerErrorMessage())
                                        .getDetail())
                                .isNull();
                    })
                    .hasMessageNotContaining(SECRET);
            rollback();
        }
    }

    @Test
    void saysNothingOfTheRowThatBreaksARule() {
        assertThatThrownBy(() -> {
                    run("select set_config('urvote.role', 'user', true), set_config('urvote.user_id', '1', true)");
                    run("update contest.songs set artist_name = ' ' where id = 1");
                })
                .isInstanceOfSatisfying(PSQLException.class, refused -> {
                    assertThat(refused.getSQLState()).isEqualTo("23514");
                    assertThat(Objects.requireNonNull(refused.getServerErrorMessage())
                                    .getDetail())
                            .isNull();
                });
    }

    @Test
    void explainsWithoutShowing() throws SQLException {
        assertThat(String.join("\n", texts("explain (analyze, verbose, costs off) select title from contest.songs")))
                .doesNotContain(SECRET);
    }

    @Test
    void hidesLargeObjectsOfOthersAndTellsListenersIdsOnly() throws SQLException {
        asSuperuser("select lo_from_bytea(4711, 'only for the artist')");
        assertThatThrownBy(() -> texts("select lo_get(4711)::text")).hasMessageContaining("permission denied");
        connection.rollback();
        run("listen urvote_contests");
        run("listen urvote_songs");
        connection.commit();

        asSuperuser("update contest.contests set name = name; update contest.songs set title = title where id = 1");

        run("select 1");
        var told = new ArrayList<String>();
        for (var news : connection.unwrap(PGConnection.class).getNotifications(2000)) {
            told.add(news.getParameter());
        }
        assertThat(told).isNotEmpty().allMatch(payload -> payload.matches("\\d+"));
    }

    /// But for one that says `with hold`: that the program has none, `NoSessionStateTests` looks after.
    @Test
    void endsEveryCursorWithItsTransaction() throws SQLException {
        run("select set_config('urvote.role', 'admin', true)");
        run("declare all_songs cursor for select title from contest.songs");
        connection.commit();

        assertThatThrownBy(() -> texts("fetch all from all_songs")).hasMessageContaining("does not exist");
    }

    private static void rollback() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> texts(String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var texts = new ArrayList<String>();
            while (rows.next()) {
                texts.add(String.valueOf(rows.getString(1)));
            }
            return texts;
        }
    }

    private static void asSuperuser(String sql) throws SQLException {
        try (var superusers = superuser.connect();
                var statement = superusers.createStatement()) {
            statement.execute(sql);
        }
    }
}
