package rocks.urvote.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTests {

    @TempDir
    Path here;

    @Test
    void haveDefaultsForAllThatIsNeeded() {
        var settings = settings(Map.of());

        assertThat(settings.port()).isEqualTo(8080);
        assertThat(settings.managementPort()).isEqualTo(9090);
        assertThat(settings.publicUrl()).isEqualTo("http://localhost:8080");
        assertThat(settings.dataDir()).isEqualTo(here.toAbsolutePath().resolve("data"));
        assertThat(settings.demo()).isTrue();
        assertThat(settings.time(Setting.POOL_MAX_AGE)).isEqualTo(Duration.ofHours(1));
        assertThat(settings.properties())
                .containsEntry(
                        "urvote.uploads",
                        here.toAbsolutePath().resolve("data/uploads").toString())
                .containsEntry("urvote.codes-per-mailbox", "5")
                .containsEntry("urvote.mail-from", "UrVote <no-reply@localhost>")
                .doesNotContainKeys("urvote.smtp-url", "urvote.database-url");
    }

    @Test
    void takeFlagsBeforeTheEnvironmentAndThatBeforeTheFile() throws IOException {
        Files.writeString(here.resolve(".env"), """
            # a comment
            URVOTE_PORT=1001
            export URVOTE_POOL_IDLE = "3"
            URVOTE_MAIL_FROM='Ada <ada@example.org>'
            URVOTE_SMTP_URL=
            """);
        var environment = Map.of("URVOTE_PORT", "1002", "URVOTE_MANAGEMENT_PORT", "2002", "PATH", "/bin");

        var settings = Settings.read(environment, here, Map.of(Setting.PORT, "1003"));

        assertThat(settings.port()).isEqualTo(1003);
        assertThat(settings.managementPort()).isEqualTo(2002);
        assertThat(settings.number(Setting.POOL_IDLE)).isEqualTo(3);
        assertThat(settings.properties()).containsEntry("urvote.mail-from", "Ada <ada@example.org>");
        assertThat(settings.publicUrl()).isEqualTo("http://localhost:1003");
    }

    @Test
    void handOverPathsAsAbsoluteOnes() {
        assertThat(settings(Map.of("URVOTE_GEOIP", "geo/../countries.mmdb", "URVOTE_UPLOADS", "/srv/uploads"))
                        .properties())
                .containsEntry(
                        "urvote.geoip",
                        here.toAbsolutePath().resolve("countries.mmdb").toString())
                .containsEntry("urvote.uploads", "/srv/uploads");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        URVOTE_PORT              | 65536
        URVOTE_PORT              | -1
        URVOTE_PORT              | eighty
        URVOTE_MANAGEMENT_PORT   | 1.5
        URVOTE_PUBLIC_URL        | vote.example.org
        URVOTE_PUBLIC_URL        | ftp://vote.example.org
        URVOTE_PUBLIC_URL        | https://vote.example.org/path
        URVOTE_MODE              | staging
        URVOTE_SERVICES          | user,votes
        URVOTE_SERVICES          | user
        URVOTE_POOL_IDLE         | 0
        URVOTE_POOL_IDLE         | 51
        URVOTE_POOL_MAX          | many
        URVOTE_POOL_MAX_AGE      | 1 hour
        URVOTE_POOL_MAX_AGE      | 10s
        URVOTE_ACCESS_TOKEN_AGE  | 15
        URVOTE_REFRESH_TOKEN_AGE | 0d
        URVOTE_TRUSTED_PROXIES   | proxy.example.org
        URVOTE_TRUSTED_PROXIES   | 10.0.0.0/33
        URVOTE_TRUSTED_PROXIES   | 10.0.0.1,,10.0.0.2
        URVOTE_CODES_PER_MAILBOX | none
        URVOTE_MAIL_FROM         | nobody
        URVOTE_UPLOADS           | s3://bucket?endpoint=http://x
        URVOTE_BACKUPS           | s3://bucket?endpoint=x
        URVOTE_BACKUPS           | s3://b
        """)
    void nameWhatIsWrongAndShowTheValue(String name, String value) {
        assertThatThrownBy(() -> settings(Map.of(name, value)))
                .isInstanceOf(Command.Failed.class)
                .message()
                .contains(name, " must ", value)
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "URVOTE_DATABASE_URL=mysql://ada:geheim@localhost/urvote",
                "URVOTE_DATABASE_URL=postgresql://ada:geheim@localhost",
                "URVOTE_DATABASE_URL=postgresql://ada:geheim@localhost:port/urvote",
                "URVOTE_DATABASE_URL=postgresql://ada:geheim%@localhost/urvote",
                "URVOTE_DATABASE_URL=postgresql://ada@localhost/geheim",
                "URVOTE_APP_DATABASE_URL=geheim",
                "URVOTE_REPLICA_URL=jdbc:postgresql://localhost/geheim",
                "URVOTE_USER_DATABASE_URL=postgresql://ada:geheim@localhost/users",
                "URVOTE_SMTP_URL=http://ada:geheim@mail.example.org",
                "URVOTE_BACKUPS=s3://ada:geheim@bucket",
                "URVOTE_S3_SECRET_KEY=geheim geheim",
                "URVOTE_S3_SECRET_KEY=geheim"
            })
    void neverShowWhatMayHoldAPassword(String line) {
        int equals = line.indexOf('=');
        var name = line.substring(0, equals);

        assertThatThrownBy(() -> settings(Map.of(name, line.substring(equals + 1))))
                .isInstanceOf(Command.Failed.class)
                .message()
                .contains(name, " must ")
                .doesNotContain("geheim");
    }

    @Test
    void keepBackupsInAFolderOrInABucketWithAFolderToWorkIn() {
        var data = here.toAbsolutePath().resolve("data");
        var bucket = Backups.of(settings(Map.of(
                "URVOTE_BACKUPS", "s3://kept/a", "URVOTE_S3_ACCESS_KEY", "ada", "URVOTE_S3_SECRET_KEY", "geheim")));

        assertThat(Backups.of(settings(Map.of())).place())
                .isEqualTo(data.resolve("backups").toString());
        assertThat(bucket.place()).isEqualTo("s3://kept/a/");
        assertThat(bucket.folder()).isEqualTo(data.resolve("backups"));
        assertThat(bucket.work()).isEqualTo(data.resolve("backing-up"));
        assertThat(bucket.toString()).contains("ada").doesNotContain("geheim");
        assertThat(settings(Map.of("URVOTE_S3_ACCESS_KEY", "ada", "URVOTE_S3_SECRET_KEY", "geheim"))
                        .properties()
                        .values())
                .doesNotContain("geheim");
    }

    @Test
    void callAWrongFlagWrongUsage() {
        assertThatThrownBy(() -> Settings.read(Map.of(), here, Map.of(Setting.PORT, "x")))
                .isInstanceOf(WrongUsage.class)
                .hasMessage("URVOTE_PORT must be a whole number from 0 to 65535, not 'x'");
    }

    @Test
    void refuseUnknownNamesInTheFile() throws IOException {
        Files.writeString(here.resolve(".env"), "\nURVOTE_PROT=8080\n");

        assertThatThrownBy(() -> settings(Map.of()))
                .hasMessage(".env line 2: URVOTE_PROT is no setting of UrVote; .env.example lists them");
    }

    @Test
    void onlyWarnOfUnknownNamesInTheEnvironment() {
        assertThat(settings(Map.of("URVOTE_PROT", "8080")).warnings())
                .containsExactly("URVOTE_PROT is no setting of UrVote; .env.example lists them");
    }

    @Test
    void warnWhereTheDatabasesAddressIsEmpty() throws IOException {
        var empty = Map.of("URVOTE_DATABASE_URL", " ");

        assertThat(settings(empty).warnings())
                .containsExactly("URVOTE_DATABASE_URL is empty: UrVote takes its embedded database");
        assertThat(settings(Map.of()).warnings()).isEmpty();

        Files.writeString(here.resolve(".env"), "URVOTE_DATABASE_URL=postgresql://ada:x@db/urvote\n");
        assertThat(settings(empty).warnings()).isEmpty();

        Files.writeString(here.resolve(".env"), "URVOTE_DATABASE_URL=\"\"\n");
        assertThat(settings(Map.of()).warnings())
                .containsExactly("URVOTE_DATABASE_URL is empty: UrVote takes its embedded database");
    }

    @Test
    void areForProductionWithADatabaseOrAnAddressOfTheirOwn() {
        assertThat(settings(Map.of("URVOTE_PUBLIC_URL", "https://vote.example.org"))
                        .demo())
                .isFalse();
        assertThat(settings(Map.of("URVOTE_DATABASE_URL", "postgresql://a:long-and-own@db/urvote"))
                        .demo())
                .isFalse();
        assertThat(settings(Map.of("URVOTE_PUBLIC_URL", "http://127.0.0.1:80")).demo())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"your_secure_password", "postgres", "password", "urvote", "Password", "ada"})
    void refuseAPasswordEverybodyKnowsInProduction(String password) {
        var url = Map.of("URVOTE_DATABASE_URL", "postgresql://ada:%s@db/urvote".formatted(password));

        assertThatThrownBy(() -> settings(url))
                .message()
                .contains("URVOTE_DATABASE_URL must not")
                .doesNotContain(password + "@");
    }

    @Test
    void takeAKnownPasswordInADemo() {
        var settings = settings(
                Map.of("URVOTE_DATABASE_URL", "postgresql://postgres:postgres@db/urvote", "URVOTE_MODE", "demo"));

        assertThat(settings.demo()).isTrue();
    }

    @Test
    void standInTheExampleAsTheyAre() throws IOException {
        assertThat(Files.readString(Path.of(".env.example"))).isEqualTo(Setting.example());
    }

    @Test
    void haveExamplesThatHold() throws IOException {
        Files.writeString(
                here.resolve(".env"),
                Setting.example()
                        .replaceAll("(?m)^# (URVOTE_)", "$1")
                        .replace("TWO_FACTOR_KEY=nK0R", "TWO_FACTOR_KEY=OwnK")
                        .replace("//user:password", "//user:another")
                        .replace("urvote_user:password", "urvote_user:another"));

        assertThat(settings(Map.of()).demo()).isFalse();
    }

    private Settings settings(Map<String, String> environment) {
        return Settings.read(environment, here, Map.of());
    }
}
