package rocks.urvote.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseCreateIT {

    private static Servers servers;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    Path here;

    @BeforeAll
    static void start(@TempDir Path folder) {
        servers = Servers.start(folder);
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    @AfterEach
    void takeAway() throws SQLException {
        servers.takeAway();
    }

    static Stream<String> versions() {
        return Servers.versions();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void makesADatabaseInWhichUrVoteNeedsNoSuperuser(String version) throws Exception {
        as(superuser(version));

        assertThat(create()).as(err.toString()).isZero();

        assertThat(out.toString()).contains("made   role urvote_owner", "made   database test_new");
        assertThat(out.toString()).doesNotContain("there  role", "there  database test_new");
        var owner = set("URVOTE_DATABASE_URL", out);
        assertThat(owner.user()).isEqualTo("urvote_admin");
        assertThat(new Migrations(owner, Optional.empty()).run(_ -> {})).isEqualTo(owner.asApplication());
        assertThat(Servers.rows(owner, """
            select rolname || case when rolcanlogin then ' login' else '' end
                           || case when rolbypassrls then ' bypassrls' else '' end
                           || case when rolcreatedb then ' createdb' else '' end
                           || case when rolsuper or rolcreaterole or rolreplication then ' more' else '' end
              from pg_roles
             where rolname like 'urvote%'
             order by 1
            """))
                .containsExactly(
                        "urvote_admin login createdb",
                        "urvote_backup bypassrls",
                        "urvote_owner",
                        "urvote_readonly",
                        "urvote_user login");
        assertThat(Servers.rows(
                        owner,
                        "select 'all ' || count(*) from pg_roles, pg_database where datname = 'test_new'"
                                + " and has_database_privilege('public', datname, 'connect')"))
                .containsExactly("all 0");
        assertThat(Servers.rows(owner, "select lower('ÄÖ')")).containsExactly("äö");
    }

    @ParameterizedTest
    @MethodSource("versions")
    void changesNothingTheSecondTimeAndSaysSo(String version) throws Exception {
        as(superuser(version));
        assertThat(create()).isZero();
        var owner = set("URVOTE_DATABASE_URL", out);
        var before = everything(version);
        out.getBuffer().setLength(0);

        assertThat(create()).as(err.toString()).isZero();

        assertThat(out.toString())
                .contains("there  role urvote_owner", "there  database test_new", "All was there already.")
                .doesNotContain("made   ", "URVOTE_DATABASE_URL=");
        assertThat(everything(version)).isEqualTo(before);
        assertThat(Servers.rows(owner, "select current_user::text")).containsExactly("urvote_admin");
    }

    @ParameterizedTest
    @MethodSource("versions")
    void printsSqlThatComesToTheSame(String version) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/psql")), "psql is not on this machine");
        as(superuser(version));
        assertThat(create()).isZero();
        var made = everything(version);
        servers.takeAway();
        out.getBuffer().setLength(0);

        assertThat(create("--print")).as(err.toString()).isZero();

        var owner = set("URVOTE_DATABASE_URL", err);
        assertThat(out.toString())
                .doesNotContain(owner.password(), owner.asApplication().password(), "URVOTE_DATABASE_URL=");
        assertThat(Servers.psql(superuser(version).named("postgres"), out.toString()))
                .isEqualTo("The database and the roles of UrVote are there.\n");
        assertThat(everything(version)).isEqualTo(made);
        assertThat(Servers.rows(owner.asApplication(), "select current_user::text"))
                .containsExactly("urvote_user");
        assertThat(Servers.psql(superuser(version).named("postgres"), out.toString()))
                .isEqualTo("The database and the roles of UrVote are there.\n");
        assertThat(everything(version)).isEqualTo(made);
    }

    @Test
    void printsWithoutAnyServerAndTakesThePasswordThatIsSet() throws Exception {
        assertThat(create("--print")).isZero();
        assertThat(set("URVOTE_DATABASE_URL", err).toString())
                .isEqualTo("postgresql://urvote_admin:***@localhost:5432/urvote");
        err.getBuffer().setLength(0);
        environment.put(
                "URVOTE_DATABASE_URL", "postgresql://urvote_admin:kept-as-it-is@db.example.org/contest%20votes");

        assertThat(create("--print")).isZero();

        assertThat(err.toString())
                .contains("URVOTE_DATABASE_URL=postgresql://urvote_admin:kept-as-it-is@db.example.org/contest%20votes");
        assertThat(out.toString()).contains("'contest votes'").doesNotContain("kept-as-it-is");
    }

    @Test
    void setsTheApplicationsOwnPassword() throws Exception {
        var url = superuser("18");
        as(url);
        environment.put(
                "URVOTE_APP_DATABASE_URL", "postgresql://urvote_user:of-its-own@%s/test_new".formatted(url.hosts()));

        assertThat(create()).as(err.toString()).isZero();

        assertThat(Servers.rows(set("URVOTE_APP_DATABASE_URL", out), "select current_user::text"))
                .containsExactly("urvote_user");
    }

    @Test
    void changesPasswordsWhenAsked() throws Exception {
        as(superuser("18"));
        assertThat(create()).isZero();
        out.getBuffer().setLength(0);

        assertThat(create("--new-password")).isZero();

        assertThat(out.toString()).contains("made   password of urvote_admin", "there  database test_new");
        var owner = set("URVOTE_DATABASE_URL", out);
        assertThat(new Migrations(owner, Optional.empty()).run(_ -> {})).isEqualTo(owner.asApplication());
    }

    @Test
    void makesASecondDatabaseForTheSameLogin() throws Exception {
        as(superuser("18"));
        assertThat(create()).isZero();
        var owner = set("URVOTE_DATABASE_URL", out);
        as(superuser("18").named("test_Other's"));

        assertThat(create()).as(err.toString()).isZero();

        assertThat(out.toString()).contains("made   database test_Other's");
        assertThat(Servers.rows(owner.named("test_Other's"), "select current_database()::text"))
                .containsExactly("test_Other's");
    }

    @Test
    void callsTheDatabaseUrvoteWhereNoneIsNamed() throws Exception {
        environment.put("URVOTE_DATABASE_URL", "postgresql://postgres:geheim@db.example.org:5432/postgres");

        assertThat(create("--print")).isZero();

        assertThat(set("URVOTE_DATABASE_URL", err).name()).isEqualTo("urvote");
    }

    @Test
    void refusesWhatIsNoSuperuser() throws Exception {
        var url = superuser("18");
        Servers.execute(url.named("postgres"), "create role ada login createdb createrole password 'engine'");
        as(new DatabaseUrl("ada", "engine", url.hosts(), url.name(), Map.of()));

        refuses("ada is no superuser of this PostgreSQL");
    }

    @Test
    void refusesAServerThatIsNotThere() throws Exception {
        environment.put("URVOTE_DATABASE_URL", "postgresql://ada:geheim@127.0.0.1:1/urvote");

        refuses("URVOTE_DATABASE_URL: the database at 127.0.0.1:1 lets nobody in");
        assertThat(err.toString()).doesNotContain("geheim");
    }

    @Test
    void refusesADatabaseOfSomebodyElse() throws Exception {
        var url = servers.fresh("18");
        as(url);

        refuses("The database %s is there already and belongs to postgres".formatted(url.name()));
        assertThat(Servers.rows(url, "select rolname from pg_roles where rolname like 'urvote%'"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create role urvote_user superuser login; The role urvote_user is there already and is a superuser",
                "create role urvote_user; The role urvote_user is there already and may not log in",
                "create role urvote_owner bypassrls; The role urvote_owner is there already and bypasses row level"
                        + " security",
                "create role urvote_readonly replication; The role urvote_readonly is there already and may replicate",
                "create role urvote_admin createrole login; The role urvote_admin is there already and may make roles",
                "create role urvote_user login in role pg_read_all_data; The role urvote_user is a member of"
                        + " pg_read_all_data"
            })
    void refusesRolesOfOursThatAreMoreOrLessThanTheyShould(String clash) throws Exception {
        var parts = clash.split("; ", 2);
        Servers.execute(superuser("18").named("postgres"), parts[0]);
        as(superuser("18"));

        refuses(parts[1]);
    }

    @Test
    void refusesToGuessThePasswordTheApplicationsFollowsFrom() throws Exception {
        Servers.execute(superuser("18").named("postgres"), "create role urvote_admin login password 'unknown'");
        as(superuser("18"));

        refuses("add --new-password");
        assertThat(create("--new-password")).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--login=postgres's",
                "--login=urvote_user",
                "--login=pg_monitor",
                "--print=yes",
                "--now",
                "urvote"
            })
    void callsWrongUsageByItsNumber(String argument) throws Exception {
        assertThat(create("--print", argument)).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(1);
    }

    @Test
    void saysThatTheEmbeddedDatabaseNeedsNone() throws Exception {
        refuses("URVOTE_DATABASE_URL must be the URL of a superuser");
    }

    /// Roles, memberships and the database with its rights; of passwords, only that there is one.
    private static List<String> everything(String version) throws SQLException {
        return Servers.rows(superuser(version).named("postgres"), """
            select format('%s %s %s %s %s %s %s %s %s', rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin,
                          rolreplication, rolbypassrls, left(rolpassword, 13))
              from pg_authid where rolname like 'urvote%'
            union all
            select format('%s in %s admin %s', member::regrole, roleid::regrole, admin_option)
              from pg_auth_members where member::regrole::text like 'urvote%'
            union all
            select format('%s of %s %s %s %s', datname, datdba::regrole, pg_encoding_to_char(encoding), datcollate, datacl)
              from pg_database where datname like 'test%'
            union all
            select setconfig::text from pg_db_role_setting
            order by 1
            """);
    }

    private static DatabaseUrl superuser(String version) {
        return servers.superuser(version).named("test_new");
    }

    private void as(DatabaseUrl url) {
        environment.put("URVOTE_DATABASE_URL", url.withPassword());
    }

    private void refuses(String sentence) throws Exception {
        assertThat(create()).isEqualTo(1);
        assertThat(err.toString().lines()).singleElement().asString().contains(sentence);
        err.getBuffer().setLength(0);
    }

    private static DatabaseUrl set(String setting, StringWriter where) {
        return DatabaseUrl.parse(where.toString()
                .lines()
                .filter(line -> line.startsWith(setting + "="))
                .findFirst()
                .orElseThrow()
                .substring(setting.length() + 1));
    }

    private int create(String... options) throws Exception {
        var arguments = Stream.concat(Stream.of("database", "create"), Stream.of(options));
        return Program.run(
                Class.forName("rocks.urvote.UrVote"),
                environment,
                here,
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                arguments.toArray(String[]::new));
    }
}
