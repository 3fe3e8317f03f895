package rocks.urvote.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rocks.urvote.testkit.TestPostgres;

/// The jar people run, in a process of its own.
class JarIT {

    private static final Path JAR = Path.of("target/urvote.jar").toAbsolutePath();

    @TempDir
    Path here;

    @Test
    void knowsItsVersion() throws Exception {
        var ended = run(Map.of(), "--version");

        assertThat(ended.code()).isZero();
        assertThat(ended.out()).matches("UrVote [0-9].*\\s+");
    }

    @Test
    void endsWrongUsageWithTwo() throws Exception {
        var ended = run(Map.of(), "migrate", "--port=eighty");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).isEqualTo("urvote: URVOTE_PORT must be a whole number from 0 to 65535, not 'eighty'\n");
    }

    @Test
    void endsAWrongSettingOfTheEnvironmentOrTheFileWithOne() throws Exception {
        Files.writeString(here.resolve(".env"), "URVOTE_MODE=staging\n");

        var ended = run(Map.of(), "serve");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).isEqualTo("urvote: URVOTE_MODE in .env must be demo or production, not 'staging'\n");
    }

    @Test
    void refusesAKnownPassword() throws Exception {
        var ended = run(
                Map.of("URVOTE_DATABASE_URL", "postgresql://urvote:your_secure_password@localhost/urvote"), "serve");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .contains("URVOTE_DATABASE_URL")
                .doesNotContain("your_secure_password")
                .hasLineCount(1);
    }

    @Test
    void migratesWithoutShowingAPassword() throws Exception {
        var url = TestPostgres.freshDatabase();

        var ended = run(Map.of("URVOTE_DATABASE_URL", url), "migrate");

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out() + ended.err() + Files.readString(here.resolve("data/logs/commands.log")))
                .doesNotContain(DatabaseUrl.parse(url).password())
                .doesNotContain(DatabaseUrl.parse(url).asApplication().password());
    }

    /// Short of memory a program does half of what it should: somebody else starts it again.
    @Test
    void isStartedSoThatItEndsWhenMemoryRunsOut() throws Exception {
        Files.copy(Path.of("urvote"), here.resolve("urvote"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createSymbolicLink(here.resolve("urvote.jar"), JAR);

        var ended = run(
                List.of(here.resolve("urvote").toString(), "--version"),
                Map.of("URVOTE_JAVA_OPTIONS", "-XX:+PrintFlagsFinal"));

        assertThat(ended.out()).containsPattern("ExitOnOutOfMemoryError +:?= true");
    }

    private Ended run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        var line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-jar",
                JAR.toString()));
        line.addAll(List.of(arguments));
        return run(line, environment);
    }

    private Ended run(List<String> line, Map<String, String> environment) throws IOException, InterruptedException {
        var out = here.resolve("out").toFile();
        var err = here.resolve("err").toFile();
        var builder = new ProcessBuilder(line)
                .directory(here.toFile())
                .redirectOutput(out)
                .redirectError(err);
        // Java says on the error stream that it heeds its own variable.
        builder.environment().keySet().removeIf(name -> name.startsWith("URVOTE_") || name.equals("JDK_JAVA_OPTIONS"));
        builder.environment().putAll(environment);
        int code = builder.start().waitFor();
        return new Ended(code, Files.readString(out.toPath()), Files.readString(err.toPath()));
    }

    private record Ended(int code, String out, String err) {}
}
