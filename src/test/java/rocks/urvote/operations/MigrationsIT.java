package rocks.urvote.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rocks.urvote.testkit.DebianPostgres;

class MigrationsIT {

    private static final Map<String, String> HASTY =
            Map.of("fsync", "off", "synchronous_commit", "off", "full_page_writes", "off");

    /// Servers of their own, since roles belong to a server and are taken away here.
    private static final Map<String, EmbeddedPostgres> SERVERS = new TreeMap<>();

    private static int databases;

    @BeforeAll
    static void start(@TempDir Path folder) {
        SERVERS.put(
                "18", EmbeddedPostgres.start(folder.resolve("18"), _ -> {}, HASTY, _ -> TestCluster.bundledBinaries()));
        if (DebianPostgres.isHere()) {
            var debian = PostgresBinaries.installed(Path.of("/usr/lib/postgresql/15/bin"), 15);
            SERVERS.put("15", EmbeddedPostgres.start(folder.resolve("15"), _ -> {}, HASTY, _ -> debian));
        }
    }

    @AfterAll
    static void stop() {
        SERVERS.values().forEach(EmbeddedPostgres::close);
        SERVERS.clear();
    }

    @AfterEach
    void takeAway() throws SQLException {
        for (var server : SERVERS.values()) {
            var superuser = DatabaseUrl.parse(server.url());
            each(
                    superuser,
                    "select format('drop database %I with (force)', datname) from pg_database where datname like"
                            + " 'test_%'");
            each(
                    superuser,
                    "select format('drop owned by %1$I cascade; drop role %1$I', rolname) from pg_roles where rolname"
                            + " !~ '^(pg_|postgres$)'");
        }
    }

    static Stream<String> versions() {
        return DebianPostgres.isHere() ? Stream.of("18", "15") : Stream.of("18");
    }

    @ParameterizedTest
    @MethodSource("versions")
    void changeNothingWhenRunAgain(String version) throws SQLException {
        var url = fresh(version);
        var first = migrate(url);
        var history = history(url);

        var second = migrate(url);

        assertThat(second).isEqualTo(first);
        assertThat(history(url)).isEqualTo(history).isPositive();
        assertThat(new Migrations(url, Optional.empty()).pending()).isZero();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void letTwoNodesStartAtOnce(String version) throws Exception {
        var url = fresh(version);
        Callable<DatabaseUrl> node = () -> migrate(url);
        try (var nodes = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var done : nodes.invokeAll(List.of(node, node, node))) {
                assertThat(done.get()).isEqualTo(url.asApplication());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void letTwoDatabasesOfOneServerMigrateAtOnce(String version) throws Exception {
        var one = fresh(version);
        var two = fresh(version);
        try (var nodes = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = nodes.invokeAll(List.<Callable<DatabaseUrl>>of(() -> migrate(one), () -> migrate(two)));
            for (var done : all) {
                assertThat(done.get().user()).isEqualTo("urvote_user");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void letTheApplicationInAsOneWhoOwnsAndBypassesNothing(String version) throws SQLException {
        var login = migrate(fresh(version));

        try (var connection = login.connect()) {
            var db = Migrations.client(connection);
            assertThat(db.sql("show search_path").query(String.class).single()).isEqualTo(Migrations.SEARCH_PATH);
            assertThat(db.sql("""
                select rolname || rolsuper || rolbypassrls || rolcreaterole || rolcreatedb
                  from pg_roles where rolname = current_user
                """).query(String.class).single()).isEqualTo("urvote_userfalsefalsefalsefalse");
            assertThat(db.sql("select count(*) from pg_class where relowner = 'urvote_user'::regrole")
                            .query(Long.class)
                            .single())
                    .isZero();
            assertThatThrownBy(() -> db.sql("set role urvote_owner").update())
                    .rootCause()
                    .hasMessageContaining("permission denied");
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void refuseToStartOnATableThatIsNotGuarded(String version) throws SQLException {
        var url = fresh(version);
        migrate(url);
        execute(url, "create table contest.leak (vote bigint)");

        assertThatThrownBy(() -> migrate(url))
                .isInstanceOf(Command.Failed.class)
                .hasMessageContaining("contest.leak row level security is not enabled and forced");
    }

    @ParameterizedTest
    @MethodSource("versions")
    void sayWhatToDoWhereTheyMayNotMakeRolesAndRunOnceThatIsDone(String version) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/psql")), "psql is not on this machine");
        var superuser = fresh(version);
        var owner = login(superuser, "urvote_admin_" + superuser.name(), "own");
        execute(
                superuser,
                "create role %s login password 'own'".formatted(owner.user()),
                "grant create on database %s to %s".formatted(superuser.name(), owner.user()));

        assertThatThrownBy(() -> migrate(owner))
                .isInstanceOf(Command.Failed.class)
                .hasMessageContaining("docs/roles.sql")
                .hasMessageContaining("URVOTE_APP_DATABASE_URL");
        runRolesScript(superuser, owner);
        assertThatThrownBy(() -> migrate(owner)).hasMessageContaining("URVOTE_APP_DATABASE_URL must be set");
        var application = login(superuser, "urvote_user", "app");
        assertThat(new Migrations(owner, Optional.of(application)).run(_ -> {})).isEqualTo(application);
        assertThatThrownBy(() -> new Migrations(owner, Optional.of(owner)).run(_ -> {}))
                .hasMessageContaining("URVOTE_APP_DATABASE_URL must be the login of urvote_user");
    }

    @ParameterizedTest
    @MethodSource("versions")
    void makeTheRolesAsOneWhoMayMakeRolesButIsNoSuperuser(String version) throws Exception {
        var superuser = fresh(version);
        var maker = login(superuser, "maker_" + superuser.name(), "own");
        execute(
                superuser,
                "create role %s login createrole password 'own'".formatted(maker.user()),
                "alter database %s owner to %s".formatted(superuser.name(), maker.user()));

        assertThat(migrate(maker)).isEqualTo(maker.asApplication());
    }

    private static void runRolesScript(DatabaseUrl superuser, DatabaseUrl owner)
            throws IOException, InterruptedException {
        var psql = new ProcessBuilder(
                        "psql",
                        "-X",
                        "-q",
                        "-v",
                        "owner_login=" + owner.user(),
                        "-v",
                        "owner_password=own",
                        "-v",
                        "user_password=app",
                        "-v",
                        "database=" + superuser.name(),
                        "-f",
                        "docs/roles.sql",
                        "postgresql://postgres:%s@%s/%s"
                                .formatted(superuser.password(), superuser.hosts(), superuser.name()))
                .inheritIO()
                .start();
        assertThat(psql.waitFor()).isZero();
    }

    private static DatabaseUrl fresh(String version) throws SQLException {
        var server =
                DatabaseUrl.parse(Objects.requireNonNull(SERVERS.get(version)).url());
        var name = "test_" + databases++;
        execute(server, "create database " + name);
        return new DatabaseUrl(server.user(), server.password(), server.hosts(), name, server.parameters());
    }

    private static void each(DatabaseUrl url, String query) throws SQLException {
        List<String> statements;
        try (var connection = url.connect()) {
            statements = Migrations.client(connection)
                    .sql(query)
                    .query((row, _) -> row.getString(1))
                    .list();
        }
        execute(url, statements.toArray(String[]::new));
    }

    private static DatabaseUrl login(DatabaseUrl url, String user, String password) {
        return new DatabaseUrl(user, password, url.hosts(), url.name(), url.parameters());
    }

    private static DatabaseUrl migrate(DatabaseUrl url) {
        return new Migrations(url, Optional.empty()).run(_ -> {});
    }

    private static long history(DatabaseUrl url) throws SQLException {
        try (var connection = url.connect()) {
            return Migrations.client(connection).sql("""
                select (select count(*) from identity.flyway_schema_history)
                     + (select count(*) from media.flyway_schema_history)
                     + (select count(*) from contest.flyway_schema_history)
                """).query(Long.class).single();
        }
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
