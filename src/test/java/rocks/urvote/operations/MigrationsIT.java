package rocks.urvote.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MigrationsIT {

    private static Servers servers;

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
    void changeNothingWhenRunAgain(String version) throws SQLException {
        var url = fresh(version);
        var first = migrate(url);
        var history = history(url);

        var second = migrate(url);

        assertThat(second).isEqualTo(first);
        assertThat(history(url)).isEqualTo(history).isPositive();
        assertThat(new Migrations(url, Optional.empty()).pending()).isZero();
    }

    static Stream<Arguments> brokenOff() {
        return versions().flatMap(version -> Stream.of(Arguments.of(version, false), Arguments.of(version, true)));
    }

    @ParameterizedTest
    @MethodSource("brokenOff")
    void doAgainWhatBrokeOffOutsideOfATransaction(String version, boolean restored) throws SQLException {
        var url = fresh(version);
        var migrations = new Migrations(url, Optional.empty());
        migrations.runTo(Map.of("identity", "45", "media", "45", "contest", "46"));
        var later = migrations.pending();
        execute(
                url,
                "update contest.flyway_schema_history set success = false where version = '46'",
                "update pg_index set indisvalid = false where indexrelid = 'contest.idx_songs_newest'::regclass");
        assertThat(migrations.pending()).isEqualTo(later + 1);

        if (restored) {
            migrations.runForRestored();
        } else {
            migrate(url);
        }

        assertThat(migrations.pending()).isZero();
        try (var connection = url.connect()) {
            assertThat(Migrations.client(connection)
                            .sql("select indisvalid from pg_index where indexrelid ="
                                    + " 'contest.idx_songs_newest'::regclass")
                            .query(Boolean.class)
                            .single())
                    .isTrue();
        }
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
                .hasMessageContaining("urvote database create --print");
        execute(superuser.named("postgres"), "drop database " + superuser.name());
        var application = login(superuser, "urvote_user", "app");
        var plan = new DatabasePlan(
                owner.name(), owner.user(), ScramSecret.of("own"), ScramSecret.of(application.password()), true);
        Servers.psql(superuser.named("postgres"), plan.script());
        assertThatThrownBy(() -> migrate(owner)).hasMessageContaining("URVOTE_APP_DATABASE_URL must be set");
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

    private static DatabaseUrl fresh(String version) throws SQLException {
        return servers.fresh(version);
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
        Servers.execute(url, statements);
    }
}
