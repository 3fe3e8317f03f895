package rocks.urvote.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import rocks.urvote.testkit.DebianPostgres;

/// On servers of their own, which are tuned and started again on the way.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DatabaseTuneIT {

    private static final Map<String, EmbeddedPostgres> SERVERS = new HashMap<>();

    private static Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    Path here;

    @BeforeAll
    static void start(@TempDir Path temporary) {
        folder = temporary;
        versions().forEach(DatabaseTuneIT::start);
    }

    private static void start(String version) {
        EmbeddedPostgres.Programs programs = version.equals("18")
                ? _ -> TestCluster.bundledBinaries()
                : _ -> PostgresBinaries.installed(Path.of("/usr/lib/postgresql/15/bin"), 15);
        SERVERS.put(version, EmbeddedPostgres.start(folder.resolve(version), _ -> {}, Map.of(), programs));
    }

    @AfterAll
    static void stop() {
        SERVERS.values().forEach(EmbeddedPostgres::close);
        SERVERS.clear();
    }

    static Stream<String> versions() {
        return DebianPostgres.isHere() ? Stream.of("18", "15") : Stream.of("18");
    }

    @ParameterizedTest
    @MethodSource("versions")
    @Order(1)
    void failsTheCheckOfAServerAsItComes(String version) throws Exception {
        on(version);

        assertThat(tune("--check", "--memory=8GB")).as(err.toString()).isEqualTo(1);

        assertThat(lines())
                .anyMatch(line -> line.startsWith("ok   fsync = on"))
                .anyMatch(line -> line.startsWith("FAIL shared_buffers = 128MB, should be 2GB: "))
                .anyMatch(line -> line.startsWith("FAIL log_parameter_max_length = -1, should be 0: "))
                .anyMatch(line -> line.startsWith("warn log_min_duration_statement = -1, should be 1s: "));
    }

    @ParameterizedTest
    @MethodSource("versions")
    @Order(2)
    void setsAServerSaysWhatNeedsARestartAndIsContentAfterIt(String version) throws Exception {
        on(version);

        assertThat(tune("--memory=1GB")).as(err.toString()).isZero();

        assertThat(lines())
                .anyMatch(line -> line.startsWith("set  shared_buffers = 256MB (was 128MB) after a restart: A quarter"))
                .anyMatch(line -> line.startsWith("set  max_wal_size = 4GB (was 1GB): "))
                .anyMatch(line -> line.startsWith("todo restart PostgreSQL, so that it takes "));
        out.getBuffer().setLength(0);
        assertThat(tune("--check", "--memory=1GB")).isIn(0, 1);
        assertThat(lines()).anyMatch(line -> line.startsWith("ok   max_wal_size = 4GB"));

        server(version).close();
        start(version);
        on(version);
        out.getBuffer().setLength(0);

        assertThat(tune("--check", "--memory=1GB")).as(out.toString()).isZero();
        assertThat(lines()).noneMatch(line -> line.startsWith("FAIL")).contains("ok   shared_buffers = 256MB");
        assertThat(Servers.rows(url(version), "show shared_preload_libraries")).containsExactly("pg_stat_statements");
    }

    @ParameterizedTest
    @MethodSource("versions")
    @Order(3)
    void printsAFileTheServerStartsWith(String version) throws Exception {
        on(version);

        assertThat(tune("--print", "--memory=2GB", "--disk=hdd", "--nodes=2"))
                .as(err.toString())
                .isZero();

        server(version).close();
        var data = folder.resolve(version).resolve("postgres/data");
        Files.writeString(data.resolve("postgresql.auto.conf"), "");
        Files.writeString(data.resolve("postgresql.conf"), out.toString(), StandardOpenOption.APPEND);
        start(version);
        on(version);
        assertThat(Servers.rows(url(version), """
            select current_setting(name)
              from unnest(array['shared_buffers', 'max_connections', 'random_page_cost', 'jit']) name
            """)).containsExactly("512MB", "150", "4", "off");
        out.getBuffer().setLength(0);
        assertThat(tune("--check", "--memory=2GB", "--disk=hdd", "--nodes=2"))
                .as(out.toString())
                .isZero();
    }

    @Test
    @Order(4)
    void readsTheMachineOfAServerThatRunsHere() throws Exception {
        on("18");

        assertThat(tune("--print")).as(err.toString()).isZero();

        assertThat(out.toString()).contains("processor", ", shared with UrVote.\n", "\nshared_buffers = ");
    }

    @Test
    @Order(4)
    void printsWhereThereIsNoDatabaseYetAndMakesNone() throws Exception {
        assertThat(tune("--print")).as(err.toString()).isZero();

        assertThat(out.toString()).contains("\nshared_buffers = ");
        assertThat(here).isEmptyDirectory();
    }

    @Test
    @Order(4)
    void letsOnlyASuperuserSetAnythingButAnybodyLook() throws Exception {
        var url = url("18");
        Servers.execute(url, "create role ada login password 'engine'", "alter system set work_mem = '1GB'");
        Servers.execute(url, "select pg_reload_conf()");
        environment.put(
                "URVOTE_DATABASE_URL",
                new DatabaseUrl("ada", "engine", url.hosts(), url.name(), Map.of()).withPassword());

        assertThat(tune("--memory=2GB")).isEqualTo(1);
        assertThat(err.toString()).contains("Only a superuser may set this PostgreSQL");
        assertThat(tune("--check", "--memory=2GB")).isEqualTo(1);
        assertThat(lines()).anyMatch(line -> line.startsWith("FAIL work_mem = 1GB, should be "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--print --check",
                "--memory=lots",
                "--memory=1MB",
                "--disk=tape",
                "--cores=0",
                "--cores=many",
                "--nodes=0",
                "now"
            })
    @Order(4)
    void callsWrongUsageByItsNumber(String options) throws Exception {
        assertThat(tune(options.split(" ", -1))).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(1);
    }

    @Test
    @Order(4)
    void saysInOneLineThatTheDatabaseIsAway() throws Exception {
        environment.put("URVOTE_DATABASE_URL", "postgresql://ada:geheim@127.0.0.1:1/urvote");

        assertThat(tune("--check")).isEqualTo(1);
        assertThat(err.toString().lines()).singleElement().asString().contains("lets nobody in");
    }

    private static DatabaseUrl url(String version) {
        return DatabaseUrl.parse(server(version).url());
    }

    private static EmbeddedPostgres server(String version) {
        return Objects.requireNonNull(SERVERS.get(version));
    }

    private void on(String version) {
        environment.put("URVOTE_DATABASE_URL", url(version).withPassword());
    }

    private List<String> lines() {
        return out.toString().lines().toList();
    }

    private int tune(String... options) throws Exception {
        var arguments = Stream.concat(Stream.of("database", "tune"), Stream.of(options));
        return Program.run(
                Class.forName("rocks.urvote.UrVote"),
                environment,
                here,
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                arguments.toArray(String[]::new));
    }
}
