package rocks.urvote.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rocks.urvote.testkit.TestPostgres;

class ProgramIT {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    Path here;

    private final String database = TestPostgres.freshDatabase();

    @BeforeEach
    void aDatabase() {
        environment.put("URVOTE_DATABASE_URL", database);
    }

    @Test
    void helps() throws Exception {
        assertThat(run("--help")).isZero();

        assertThat(out.toString()).contains("serve", "migrate", "check", "--port 8081");
    }

    @Test
    void helpsWithWrongSettingsToo() throws Exception {
        environment.put("URVOTE_PORT", "eighty");

        assertThat(run("serve", "--help")).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vote",
                "migrate now",
                "migrate --quickly",
                "migrate --urvote-prot=1",
                "migrate --URVOTE_PROT=1",
                "migrate --port",
                "migrate --port=eighty",
                "--urvote-port eighty migrate",
                "serve --pool-max=0"
            })
    void callsWrongUsageByItsNumber(String line) throws Exception {
        assertThat(run(line.split(" ", -1))).isEqualTo(2);

        assertThat(err.toString().lines()).hasSize(1);
    }

    @Test
    void saysWhatItCanWhenNothingIsAsked() throws Exception {
        assertThat(run()).isEqualTo(2);

        assertThat(err.toString()).contains("Usage: urvote", "serve");
    }

    @Test
    void namesAWrongSettingInOneLine() throws Exception {
        environment.put("URVOTE_POOL_MAX_AGE", "1 hour");

        assertThat(run("migrate")).isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly(
                        "urvote: URVOTE_POOL_MAX_AGE must be a time of at least 30s, like 90s, 15m, 1h or 30d, not '1"
                                + " hour'");
    }

    @Test
    void warnsOfAnUnknownSettingAndGoesOn() throws Exception {
        environment.put("URVOTE_PROT", "8080");

        assertThat(run("migrate")).isZero();
        assertThat(err.toString().lines())
                .containsExactly("warning: URVOTE_PROT is no setting of UrVote; .env.example lists them");
    }

    @Test
    void saysInOneLineThatTheDatabaseIsAway() throws Exception {
        environment.put("URVOTE_DATABASE_URL", "postgresql://ada:geheim@127.0.0.1:1/urvote");

        assertThat(run("migrate")).isEqualTo(1);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("urvote: URVOTE_DATABASE_URL: the database at 127.0.0.1:1 lets nobody in")
                .doesNotContain("geheim");
    }

    @Test
    void namesThePortThatIsTaken() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run("serve", "--management-port", String.valueOf(taken.getLocalPort())))
                    .isEqualTo(1);

            assertThat(err.toString().lines())
                    .singleElement()
                    .asString()
                    .contains("URVOTE_MANAGEMENT_PORT must be a free port", String.valueOf(taken.getLocalPort()));
        }
    }

    @Test
    void checksBeforeAndAfterTheMigration() throws Exception {
        assertThat(run("check")).isZero();
        assertThat(lines())
                .anyMatch(line -> line.startsWith("ok   database: PostgreSQL 18"))
                .anyMatch(line -> line.startsWith("ok   clock: "))
                .anyMatch(line -> line.startsWith("ok   connections: up to 50 "))
                .anyMatch(line -> line.startsWith("warn mail: "))
                .anyMatch(line -> line.startsWith("ok   GeoIP: countries by "))
                .anyMatch(line -> line.startsWith("warn backups: "));
        out.getBuffer().setLength(0);

        assertThat(run("migrate")).isZero();
        assertThat(run("check")).isZero();

        assertThat(lines())
                .contains(
                        "ok   roles: urvote_owner, urvote_user, urvote_readonly, urvote_backup",
                        "ok   tables: up to date",
                        "ok   guard: every table is under forced row level security",
                        "ok   application: logs in as urvote_user, and row level security applies to it");
    }

    @Test
    void failsTheCheckOnAMapOfCountriesThatIsNone() throws Exception {
        var file = Files.writeString(here.resolve("countries.mmdb"), "country,DE\n");

        assertThat(run("check", "--geoip", file.toString())).isEqualTo(1);

        assertThat(lines())
                .anyMatch(line -> line.startsWith("FAIL GeoIP: URVOTE_GEOIP must be an .mmdb file of countries"));
    }

    @Test
    void looksInTheCheckWhetherUploadsAndBackupsCanBeWritten() throws Exception {
        var file = Files.writeString(here.resolve("no-folder"), "");

        assertThat(run("check", "--uploads", file.toString())).isEqualTo(1);
        assertThat(lines())
                .anyMatch(line -> line.startsWith("FAIL disk: nothing can be written to " + file)
                        && line.contains("set URVOTE_UPLOADS to a folder"));

        assertThat(run("check", "--backups", file.toString())).isZero();
        assertThat(lines())
                .anyMatch(line -> line.startsWith("warn disk: nothing can be written to " + file)
                        && line.contains("set URVOTE_BACKUPS to a folder"));
    }

    @Test
    void failsTheCheckOnWhatWouldStopUrVote() throws Exception {
        assertThat(run("migrate")).isZero();
        try (var connection = DatabaseUrl.parse(database).connect();
                var statement = connection.createStatement()) {
            statement.execute("create view contest.all_votes as select * from contest.votes");
        }

        assertThat(run("check")).isEqualTo(1);
        assertThat(lines()).contains("FAIL guard: contest.all_votes is a view that reads as its owner");
    }

    @Test
    void warnsInTheCheckOfAMonthThatIsMissing() throws Exception {
        assertThat(run("migrate")).isZero();
        assertThat(run("check")).isZero();
        assertThat(lines()).contains("ok   months: last month, this one and three ahead are ready for votes");
        var ahead = YearMonth.now(ZoneOffset.UTC).plusMonths(2);
        try (var connection = DatabaseUrl.parse(database).connect();
                var statement = connection.createStatement()) {
            statement.execute("drop table contest.ballots_%tY_%<tm".formatted(ahead.atDay(1)));
        }

        assertThat(run("check")).isZero();
        assertThat(lines()).anyMatch(line -> line.startsWith("warn months: %s not ready".formatted(ahead)));
    }

    @Test
    void failsTheCheckOnADatabaseThatIsAway() throws Exception {
        environment.put("URVOTE_DATABASE_URL", "postgresql://ada:geheim@127.0.0.1:1/urvote");

        assertThat(run("check")).isEqualTo(1);
        assertThat(lines()).anyMatch(line -> line.startsWith("FAIL database: URVOTE_DATABASE_URL: "));
    }

    private Stream<String> lines() {
        return out.toString().lines();
    }

    private int run(String... arguments) throws Exception {
        return Program.run(
                Class.forName("rocks.urvote.UrVote"),
                environment,
                here,
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                arguments);
    }
}
