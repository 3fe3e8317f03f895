package rocks.urvote.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rocks.urvote.operations.tuning.Parameter;

class PgBackRestTests {

    @TempDir
    Path here;

    private final StringWriter err = new StringWriter();

    @Test
    void keepsJournalAndBackupsInAFolder() {
        assertThat(plan("/srv/pgbackrest", Optional.empty()).file()).contains("""
            repo1-path=/srv/pgbackrest
            """, """
            [urvote]
            pg1-path=/var/lib/postgresql/15/main
            pg1-port=5433
            pg1-socket-path=/run/postgresql
            """);
    }

    @Test
    void orInABucketAndLeavesItsKeysToTheOperator() {
        assertThat(plan("s3://kept/here?endpoint=https://s3.example.org:9000&region=eu-1", Optional.empty())
                        .file())
                .contains("""
                    repo1-type=s3
                    repo1-path=/here
                    repo1-s3-bucket=kept
                    repo1-s3-endpoint=s3.example.org:9000
                    repo1-s3-region=eu-1
                    repo1-s3-uri-style=path
                    """, "# repo1-s3-key=...\n");
        assertThat(plan("s3://kept?region=eu-1", Optional.empty()).file())
                .contains("repo1-path=/\n", "repo1-s3-endpoint=s3.eu-1.amazonaws.com\n")
                .doesNotContain("uri-style");
    }

    @Test
    void hasTheServerGiveItsJournalAway() {
        assertThat(plan("/srv", Optional.of(Path.of("/etc/p.conf"))).parameters("replica"))
                .extracting(Parameter::statement)
                .containsExactly(
                        "alter system set archive_mode = 'on'",
                        "alter system set archive_command = 'pgbackrest --config=/etc/p.conf --stanza=urvote"
                                + " archive-push %p'",
                        "alter system set archive_timeout = '60s'");
        assertThat(plan("/srv", Optional.empty()).serverFile("minimal"))
                .contains(
                        "\nwal_level = replica\n",
                        "\narchive_mode = on\n",
                        "\narchive_command = 'pgbackrest --stanza=urvote archive-push %p'\n",
                        "\narchive_timeout = 60s\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--repository=here",
                "--repository=s3://kept?endpoint=http://s3.example.org",
                "--repository=s3://",
                "--config=pgbackrest.conf",
                "--data-directory=/var/lib/it's",
                "--keep=0",
                "--archive-timeout=0s",
                "--archive-timeout=2h",
                "--print=nothing"
            })
    void callsWrongUsageByItsNumber(String option) throws Exception {
        assertThat(run("database", "archive", option)).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(1);
    }

    @Test
    void leavesTheEmbeddedDatabaseAlone() throws Exception {
        assertThat(run("database", "archive", "--print")).isEqualTo(1);
        assertThat(err.toString()).contains("URVOTE_DATABASE_URL must be the URL of a PostgreSQL of your own");
        assertThat(here).isEmptyDirectory();
    }

    private int run(String... arguments) throws Exception {
        return Program.run(
                Class.forName("rocks.urvote.UrVote"),
                Map.of(),
                here,
                new PrintWriter(new StringWriter()),
                new PrintWriter(err, true),
                arguments);
    }

    private static PgBackRest plan(String repository, Optional<Path> configuration) {
        return new PgBackRest(
                "urvote",
                Path.of("/var/lib/postgresql/15/main"),
                5433,
                Optional.of(Path.of("/run/postgresql")),
                2,
                repository,
                configuration,
                2,
                60);
    }
}
