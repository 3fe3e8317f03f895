package rocks.urvote.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class EmbeddedPostgresIT {

    static final Map<String, String> DURABLE =
            Map.of("fsync", "on", "synchronous_commit", "on", "full_page_writes", "on");

    @TempDir
    Path data;

    List<String> progress = new ArrayList<>();

    @AfterEach
    void nothingIsLeftRunning() {
        if (Files.exists(data.resolve("postgres/data/postmaster.pid"))) start().close();
    }

    @Test
    void keepsWhatIsInItBetweenStarts() {
        try (var first = start()) {
            database(first).sql("create table song as select 'Björk' as title").update();
        }

        try (var second = start()) {
            assertThat(titles(second)).containsExactly("Björk");
        }
        assertThat(progress)
                .containsExactly("Creating the database in %s ...".formatted(data.resolve("postgres/data")));
    }

    @Test
    void losesNothingWhenThePowerFails() {
        try (var postgres = start()) {
            assertThat(setting(postgres, "fsync")).isEqualTo("on");
            assertThat(setting(postgres, "synchronous_commit")).isEqualTo("on");
            assertThat(setting(postgres, "full_page_writes")).isEqualTo("on");
            assertThat(setting(postgres, "data_checksums")).isEqualTo("on");
        }
    }

    @Test
    void listensOnLoopbackOnlyAndAsksForThePassword() {
        try (var postgres = start()) {
            assertThat(setting(postgres, "listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(setting(postgres, "unix_socket_directories")).isEmpty();
            assertThat(setting(postgres, "max_connections")).isEqualTo("200");
            assertThat(setting(postgres, "jit")).isEqualTo("off");
            assertThatThrownBy(() -> database(postgres.url().replaceFirst(":[0-9a-f]+@", ":guessed@"))
                            .sql("select 1")
                            .query()
                            .singleValue())
                    .hasStackTraceContaining("password authentication failed");
        }
    }

    @Test
    void readsLettersOfAllLanguages() {
        try (var postgres = start()) {
            database(postgres).sql("create extension pg_trgm").update();

            assertThat(database(postgres)
                            .sql("select lower('BJÖRK')")
                            .query(String.class)
                            .single())
                    .isEqualTo("björk");
            assertThat(database(postgres)
                            .sql("select similarity('Björk', 'Bjork')")
                            .query(Float.class)
                            .single())
                    .isBetween(0.1f, 0.9f);
        }
    }

    @Test
    void refusesASecondStartOnTheSameFolderInOneSentence() throws IOException {
        try (var first = start()) {
            assertThatThrownBy(this::start)
                    .isInstanceOf(EmbeddedPostgresException.class)
                    .hasMessage(
                            "Another UrVote (this process) already serves %s: stop it first, or set URVOTE_DATA_DIR to"
                                    + " another folder.",
                            data.toRealPath());
            assertThat(database(first).sql("select 1").query(Integer.class).single())
                    .isEqualTo(1);
        }
    }

    @Test
    void refusesAFolderThatAnotherProcessServes() throws Exception {
        var other = serveInAnotherProcess("durable");

        assertThatThrownBy(this::start)
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("Another UrVote (process %d) already serves", other.pid());
        assertThat(EmbeddedPostgres.running(data)).isPresent();

        kill(other.toHandle());
    }

    @Test
    void takesOverWhatAKilledUrVoteLeftRunning() throws Exception {
        kill(serveInAnotherProcess("durable").toHandle());
        var left = postmaster().pid();

        try (var postgres = start()) {
            assertThat(postmaster().pid()).isEqualTo(left);
            assertThat(titles(postgres)).containsExactly("before the kill");
        }
        assertThat(progress).anyMatch(line -> line.startsWith("Taking over the database that is still running"));
    }

    @Test
    void replacesWhatWasLeftRunningWithOtherSettings() throws Exception {
        kill(serveInAnotherProcess("hasty").toHandle());
        var left = postmaster().pid();

        try (var postgres = start()) {
            assertThat(postmaster().pid()).isNotEqualTo(left);
            assertThat(setting(postgres, "fsync")).isEqualTo("on");
            assertThat(titles(postgres)).containsExactly("before the kill");
        }
    }

    @Test
    void recoversAfterPostgresItselfWasKilled() throws Exception {
        var other = serveInAnotherProcess("durable");
        kill(postmaster());
        kill(other.toHandle());

        try (var postgres = start()) {
            assertThat(titles(postgres)).containsExactly("before the kill");
        }
    }

    @Test
    void startsItAgainOnItsPortWhenItEndsUnasked() throws Exception {
        try (var postgres = start()) {
            database(postgres)
                    .sql("create table song as select 'Björk' as title")
                    .update();
            for (int i = 0; i < 2; i++) {
                var before = postmaster();

                kill(before);

                await().until(() -> EmbeddedPostgres.running(data).isPresent());
                assertThat(postmaster().pid()).isNotEqualTo(before.pid());
                assertThat(EmbeddedPostgres.running(data)).contains(postgres.url());
                assertThat(titles(postgres)).containsExactly("Björk");
            }
        }
        assertThat(EmbeddedPostgres.running(data)).isEmpty();
    }

    @Test
    void stopsTryingWhenItIsClosed() throws Exception {
        var postgres = start();
        var configuration = data.resolve("postgres/data/postgresql.conf");
        var good = Files.readString(configuration);
        Files.writeString(configuration, "no_such_setting = 1\n", StandardOpenOption.APPEND);
        kill(postmaster());
        await().until(() ->
                Files.readString(data.resolve("postgres/postgres.log")).contains("no_such_setting"));

        postgres.close();

        Files.writeString(configuration, good);
        start().close();
    }

    @Test
    void isNotMisledByANumberThatAnotherProcessHasNow() throws Exception {
        start().close();
        Files.writeString(data.resolve("postgres/data/postmaster.pid"), """
            %d
            %s
            1700000000
            54321

            127.0.0.1
              1234567         0
            ready
            """.formatted(
                        ProcessHandle.current().pid(), data.resolve("postgres/data")));

        assertThat(EmbeddedPostgres.running(data)).isEmpty();
        try (var postgres = start()) {
            assertThat(database(postgres).sql("select 1").query(Integer.class).single())
                    .isEqualTo(1);
        }
    }

    @Test
    void letsTheOwnerOfTheMachineInWhileItRuns() throws IOException {
        var file = data.resolve("database.url");
        try (var postgres = start()) {
            assertThat(file).hasContent(postgres.url());
            assertThat(postgres.url()).matches("postgresql://postgres:[0-9a-f]{48}@127\\.0\\.0\\.1:\\d+/urvote");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("postgres/password"))))
                    .isEqualTo("rw-------");
        }

        assertThat(file).doesNotExist();
    }

    @Test
    void tellsCommandsBesideItWhereItIs() {
        assertThat(EmbeddedPostgres.running(data)).isEmpty();
        try (var postgres = start()) {
            assertThat(EmbeddedPostgres.running(data)).contains(postgres.url());
        }
        assertThat(EmbeddedPostgres.running(data)).isEmpty();
    }

    @Test
    void keepsItsPort() {
        var first = start();
        var url = first.url();
        first.close();

        try (var second = start()) {
            assertThat(second.url()).isEqualTo(url);
        }
    }

    @Test
    void isNotRootWhenUrVoteIs() throws IOException {
        assumeTrue((int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0, "these tests do not run as root");

        try (var postgres = start()) {
            assertThat(userInside(postgres)).isNotEqualTo("0");
        }
    }

    @Test
    void runsAsTheFoldersOwnerWhenUrVoteIsRoot() throws IOException {
        assumeTrue((int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0, "these tests do not run as root");
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
        var folder = Files.createDirectory(data.resolve("postgres"));
        Files.setAttribute(folder, "unix:uid", 65534);
        Files.setAttribute(folder, "unix:gid", 65534);

        try (var postgres = EmbeddedPostgres.start(data, progress::add)) {
            assertThat(userInside(postgres)).isEqualTo("65534");
            assertThat(Files.getAttribute(folder.resolve("data/PG_VERSION"), "unix:uid"))
                    .isEqualTo(65534);
        }
        assertThat(progress).contains("Unpacking PostgreSQL 18 ...");
    }

    @Test
    void saysWhyItDoesNotStart() throws IOException {
        start().close();
        Files.writeString(
                data.resolve("postgres/data/postgresql.conf"), "no_such_setting = 1\n", StandardOpenOption.APPEND);

        assertThatThrownBy(this::start)
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("the last lines of " + data.toRealPath().resolve("postgres/postgres.log"))
                .hasMessageContaining("unrecognized configuration parameter \"no_such_setting\"");
        assertThat(EmbeddedPostgres.running(data)).isEmpty();
    }

    @Test
    void leavesADatabaseOfAnotherVersionAlone() throws IOException {
        start().close();
        Files.writeString(data.resolve("postgres/data/PG_VERSION"), "17\n");

        assertThatThrownBy(this::start)
                .hasMessageContaining("was made by PostgreSQL 17, but this UrVote brings PostgreSQL 18");
    }

    /// UrVote as another process has it: serves until it is killed.
    static final class Serving {

        static void main(String[] arguments) {
            var settings = arguments[1].equals("durable") ? DURABLE : Map.of("fsync", "off");
            var postgres = EmbeddedPostgres.start(
                    Path.of(arguments[0]), TestCluster::ignore, settings, _ -> TestCluster.bundledBinaries());
            database(postgres)
                    .sql("create table song as select 'before the kill' as title")
                    .update();
            IO.println("serving");
            while (true) {
                IO.readln();
            }
        }
    }

    private EmbeddedPostgres start() {
        return EmbeddedPostgres.start(data, progress::add, DURABLE, _ -> TestCluster.bundledBinaries());
    }

    private Process serveInAnotherProcess(String settings) throws IOException {
        var process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Serving.class.getName(),
                        data.toString(),
                        settings)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        assertThat(output.readLine()).isEqualTo("serving");
        return process;
    }

    private static void kill(ProcessHandle process) {
        process.destroyForcibly();
        await().until(() -> !process.isAlive());
    }

    private ProcessHandle postmaster() throws IOException {
        var pid =
                Files.readAllLines(data.resolve("postgres/data/postmaster.pid")).getFirst();
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    private static List<@Nullable String> titles(EmbeddedPostgres postgres) {
        return database(postgres)
                .sql("select title from song")
                .query(String.class)
                .list();
    }

    private static String setting(EmbeddedPostgres postgres, String name) {
        return database(postgres)
                .sql("select current_setting(:name)")
                .param("name", name)
                .query(String.class)
                .single();
    }

    /// Whom PostgreSQL itself sees when it asks who it is.
    private static String userInside(EmbeddedPostgres postgres) {
        database(postgres).sql("create table who (id text)").update();
        database(postgres).sql("copy who from program 'id -u'").update();
        return database(postgres).sql("select id from who").query(String.class).single();
    }

    private static JdbcClient database(EmbeddedPostgres postgres) {
        return database(postgres.url());
    }

    private static JdbcClient database(String url) {
        return JdbcClient.create(new DriverManagerDataSource(TestCluster.jdbc(url)));
    }
}
