package rocks.urvote.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rocks.urvote.testkit.RunningUrVote;

/// Each way around row level security, made as a superuser could make it: UrVote does not start.
class GuardIT {

    private static final String TEMPLATE = "guarded";

    /// A server of its own, since roles belong to a server and are given too much here.
    static EmbeddedPostgres server;

    static int databases;
    static String month;

    private DatabaseUrl url;

    @BeforeAll
    static void aGuardedDatabase(@TempDir Path folder) throws SQLException {
        server = EmbeddedPostgres.start(
                folder,
                _ -> {},
                Map.of("fsync", "off", "synchronous_commit", "off", "full_page_writes", "off"),
                _ -> TestCluster.bundledBinaries());
        execute(superuser("postgres"), "create database " + TEMPLATE);
        migrate(superuser(TEMPLATE));
        try (var connection = superuser(TEMPLATE).connect()) {
            assertThat(Guard.holes(Migrations.client(connection))).isEmpty();
            month = Migrations.client(connection)
                    .sql("select to_char(now(), 'YYYY_MM')")
                    .query(String.class)
                    .single();
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void aCopyOfIt() throws SQLException {
        var name = "copy_" + databases++;
        execute(superuser("postgres"), "create database %s template %s".formatted(name, TEMPLATE));
        url = superuser(name);
    }

    /// How it is made, and the sentence that says so.
    record Hole(String name, String made, String found) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Hole> holes() {
        return Stream.of(
                new Hole(
                        "a new table",
                        "create table contest.leak (vote bigint)",
                        "contest.leak row level security is not enabled and forced"),
                new Hole(
                        "a table whose policies are not forced on its owner",
                        "create table media.leak (id bigint); alter table media.leak enable row level security",
                        "media.leak row level security is not enabled and forced"),
                new Hole(
                        "a table whose policies are not forced any more",
                        "alter table contest.songs no force row level security",
                        "contest.songs row level security is not enabled and forced"),
                new Hole(
                        "a granted table without a policy",
                        """
                        create table contest.silent (id bigint);
                        alter table contest.silent enable row level security;
                        alter table contest.silent force row level security;
                        grant select on contest.silent to urvote_user
                        """,
                        "contest.silent is granted to others and has no policy"),
                new Hole(
                        "a partition with a grant",
                        "grant select on contest.votes_%s to urvote_user".formatted(month),
                        "contest.votes_%s is a partition with grants of its own".formatted(month)),
                new Hole(
                        "a partition with a grant on one column",
                        "grant select (voter_id) on contest.ballots_%s to urvote_readonly".formatted(month),
                        "contest.ballots_%s is a partition with grants of its own".formatted(month)),
                new Hole(
                        "a partition that is not locked",
                        "alter table contest.votes_%s disable row level security".formatted(month),
                        "contest.votes_%s row level security is not enabled and forced".formatted(month)),
                new Hole(
                        "a partition in another schema",
                        "create table public.away partition of contest.votes for values from ('2001-01-01') to"
                                + " ('2001-02-01')",
                        "contest.away row level security is not enabled and forced"),
                new Hole("an heir with a grant", """
                    create table public.heir () inherits (contest.songs);
                    alter table public.heir enable row level security;
                    alter table public.heir force row level security;
                    grant select on public.heir to public
                    """, "contest.heir is a partition with grants of its own"),
                new Hole(
                        "a plain view",
                        "create view contest.all_votes as select * from contest.votes",
                        "contest.all_votes is a view that reads as its owner"),
                new Hole(
                        "a plain view in another schema",
                        "create view public.all_votes as select * from contest.votes",
                        "public.all_votes is a view that reads as its owner"),
                new Hole(
                        "a materialized view",
                        "create materialized view identity.addresses as select email from identity.users",
                        "identity.addresses is a view that reads as its owner"),
                new Hole(
                        "a rule",
                        "create rule told as on insert to contest.songs do also notify songs",
                        "contest.songs has a rule, which acts as the owner of the table"),
                new Hole(
                        "a definer function",
                        "create function contest.peek() returns bigint language sql security definer"
                                + " as 'select count(*) from contest.votes'",
                        "contest.peek is a function that runs as its definer"),
                new Hole(
                        "another function with the name of the one that is known",
                        "alter function contest.make_votes_partition(date) set search_path = public",
                        "contest.make_votes_partition is a function that runs as its definer"),
                new Hole(
                        "a definer function in another schema",
                        "create function public.peek() returns bigint language sql security definer"
                                + " as 'select count(*) from contest.votes'",
                        "public.peek is a function that runs as postgres, whom no policy holds"),
                new Hole(
                        "a key without the client",
                        """
                        alter table contest.songs drop constraint a_song_belongs_to_a_contest_of_its_client;
                        alter table contest.songs add constraint a_song_belongs_to_a_contest
                            foreign key (contest_id) references contest.contests (id)
                        """,
                        "contest.songs has the key a_song_belongs_to_a_contest without client_id, which both its tables"
                                + " have"),
                new Hole(
                        "a key without the contest",
                        """
                        alter table contest.ballots add column song_id bigint;
                        alter table contest.ballots add constraint a_ballot_has_a_song
                            foreign key (song_id) references contest.songs (id)
                        """,
                        "contest.ballots has the key a_ballot_has_a_song without contest_id, which both its tables"
                                + " have"),
                new Hole(
                        "the right to truncate",
                        "grant truncate on contest.votes to urvote_user",
                        "contest.votes lets urvote_user truncate"),
                new Hole(
                        "the right to delete votes",
                        "grant delete on contest.votes to urvote_user",
                        "contest.votes lets urvote_user delete"),
                new Hole(
                        "the right to rewrite the log",
                        "grant update (detail) on identity.audit_log to urvote_user",
                        "identity.audit_log lets urvote_user update"),
                new Hole(
                        "the right to make triggers",
                        "grant trigger on contest.songs to urvote_user",
                        "contest.songs lets urvote_user trigger"),
                new Hole(
                        "a reader who writes",
                        "grant update on contest.songs to urvote_readonly",
                        "contest.songs lets urvote_readonly update"),
                new Hole(
                        "a grant to everybody",
                        "grant select on media.files to public",
                        "media.files lets everybody select"),
                new Hole(
                        "grants on all tables to come",
                        "alter default privileges for role urvote_owner in schema contest grant select on tables to"
                                + " urvote_readonly",
                        "contest.tables to come of urvote_owner are granted to others"),
                new Hole(
                        "a table of the application",
                        "alter table contest.vote_refusals owner to urvote_user",
                        "contest.vote_refusals belongs to the application"),
                new Hole(
                        "a function of the application",
                        "alter function media.acting_role() owner to urvote_user",
                        "media.acting_role belongs to the application"),
                new Hole(
                        "a schema in which the application may create",
                        "grant create on schema contest to urvote_user",
                        "urvote_user may create things in the schema contest"));
    }

    @ParameterizedTest
    @MethodSource("holes")
    void refusesToStart(Hole hole) throws SQLException {
        execute(url, hole.made());

        assertThatThrownBy(() -> migrate(url))
                .isInstanceOf(Command.Failed.class)
                .hasMessageContaining("The database is not guarded")
                .hasMessageContaining(hole.found());
    }

    static Stream<Hole> powers() {
        return Stream.of(
                new Hole("bypassrls", "nobypassrls", "urvote_user"),
                new Hole("superuser", "nosuperuser", "urvote_user"),
                new Hole("createrole", "nocreaterole", "urvote_user may make roles"),
                new Hole("createdb", "nocreatedb", "urvote_user may make databases"),
                new Hole("replication", "noreplication", "urvote_user may replicate"));
    }

    @ParameterizedTest
    @MethodSource("powers")
    void refusesToStartAsOneWhoMayMore(Hole power) throws SQLException {
        execute(url, "alter role urvote_user " + power.name());
        try {
            assertThatThrownBy(() -> migrate(url))
                    .isInstanceOf(Command.Failed.class)
                    .hasMessageContaining(power.found());
        } finally {
            execute(url, "alter role urvote_user " + power.made());
        }
    }

    static Stream<Hole> memberships() {
        return Stream.of(
                new Hole("urvote_owner", "urvote_user", "urvote_user is a member of urvote_owner"),
                new Hole("urvote_backup", "urvote_user", "urvote_user is a member of urvote_backup"),
                new Hole("pg_read_all_data", "urvote_user", "urvote_user is a member of pg_read_all_data"),
                new Hole("urvote_owner", "urvote_readonly", "urvote_readonly is a member of urvote_owner"),
                new Hole("pg_execute_server_program", "urvote_backup", "urvote_backup is a member of pg_execute"));
    }

    @ParameterizedTest
    @MethodSource("memberships")
    void refusesToStartWithAMemberOfTheMighty(Hole membership) throws SQLException {
        execute(url, "grant %s to %s".formatted(membership.name(), membership.made()));
        try {
            assertThatThrownBy(() -> migrate(url))
                    .isInstanceOf(Command.Failed.class)
                    .hasMessageContaining(membership.found());
        } finally {
            execute(url, "revoke %s from %s".formatted(membership.name(), membership.made()));
        }
    }

    @Test
    void takesBackWhatEveryoneMay() throws SQLException {
        execute(
                url,
                "grant create on schema public to public",
                "grant temporary on database %s to public".formatted(url.name()));

        migrate(url);

        try (var connection = url.connect()) {
            assertThat(Migrations.client(connection)
                            .sql("""
                                select has_schema_privilege('urvote_user', 'public', 'create')
                                    or has_database_privilege('urvote_user', current_database(), 'temporary')
                                    or has_database_privilege('urvote_user', current_database(), 'create')
                                """)
                            .query(Boolean.class)
                            .single())
                    .isFalse();
        }
    }

    @Test
    void letsViewsBeThatReadAsWhoeverAsks() throws SQLException {
        execute(url, "create view contest.my_votes with (security_invoker) as select * from contest.votes");

        assertThat(migrate(url).user()).isEqualTo("urvote_user");
    }

    @Test
    void keepsTheWholeProgramFromStarting() throws SQLException {
        execute(url, "grant truncate on contest.votes to urvote_user");

        assertThatThrownBy(() -> RunningUrVote.start(Map.of(
                        "URVOTE_DATABASE_URL",
                        "postgresql://%s:%s@%s/%s".formatted(url.user(), url.password(), url.hosts(), url.name()))))
                .hasMessageContaining("contest.votes lets urvote_user truncate");
    }

    private static DatabaseUrl superuser(String database) {
        var postgres = DatabaseUrl.parse(server.url());
        return new DatabaseUrl(postgres.user(), postgres.password(), postgres.hosts(), database, postgres.parameters());
    }

    private static DatabaseUrl migrate(DatabaseUrl url) {
        return new Migrations(url, Optional.empty()).run(_ -> {});
    }

    private static void execute(DatabaseUrl url, String... statements) throws SQLException {
        try (var connection = url.connect();
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
