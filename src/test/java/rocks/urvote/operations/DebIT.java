package rocks.urvote.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The Debian package: what is in it, and, where the machine allows it, what installing and removing it does.
class DebIT {

    private final Path deb = deb();

    @Test
    void holdsTheProgramItsUnitAndItsSettings() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/dpkg-deb")), "dpkg is not on this machine");

        var contents = run("dpkg-deb", "--contents", deb.toString());

        assertThat(contents.said())
                .containsPattern("-rw-r--r-- root/root .* \\./usr/share/urvote/urvote\\.jar")
                .containsPattern("-rwxr-xr-x root/root .* \\./usr/share/urvote/urvote\n")
                .containsPattern("l.* root/root .* \\./usr/bin/urvote -> \\.\\./share/urvote/urvote")
                .containsPattern("-rw-r----- root/root .* \\./etc/urvote/urvote\\.env")
                .containsPattern("-rw-r--r-- root/root .* \\./lib/systemd/system/urvote\\.service")
                .contains(
                        "./usr/share/doc/urvote/copyright",
                        "./usr/share/doc/urvote/running.md",
                        "./usr/share/doc/urvote/monitoring.md",
                        "./usr/share/urvote/prometheus/urvote.rules.yml",
                        "./usr/share/urvote/grafana/urvote.json")
                .doesNotContain("/.env\n", Path.of("").toAbsolutePath().toString());
    }

    @Test
    void setsOnlyWhatCanBeSet() throws Exception {
        for (var line : Files.readAllLines(Path.of("packaging/urvote.env"))) {
            var setting = line.replaceFirst("^# (URVOTE_)", "$1");
            if (setting.startsWith("URVOTE_")) {
                var parts = setting.split("=", 2);
                assertThat(Setting.ofVariable(parts[0]))
                        .as(line)
                        .hasValueSatisfying(
                                known -> assertThat(known.rule.holds().test(parts[1]))
                                        .as(line)
                                        .isTrue());
            } else {
                assertThat(line).matches("(#.*)?");
            }
        }
    }

    /// The whole life of the package, in an overlay over this system that is thrown away.
    @Test
    void installsServesUpgradesIsRemovedAndPurged() throws Exception {
        assumeTrue(PostgresUser.isRoot(), "only root may install");
        assumeTrue(
                run(
                                        "unshare",
                                        "--mount",
                                        "sh",
                                        "-c",
                                        "mount -t tmpfs t /mnt && mkdir /mnt/a /mnt/b /mnt/c && mount -t overlay o -o"
                                            + " lowerdir=/,upperdir=/mnt/a,workdir=/mnt/b /mnt/c && chroot /mnt/c dpkg"
                                            + " --version")
                                .code()
                        == 0,
                "no Debian, or no overlays here");

        var ended = run("packaging/test", deb.toString());

        assertThat(ended.code()).as(ended.said()).isZero();
        assertThat(ended.said()).endsWith("all is well\n");
    }

    private static Path deb() {
        try (var built = Files.newDirectoryStream(Path.of("target"), "urvote_*_all.deb")) {
            return built.iterator().next();
        } catch (IOException e) {
            throw new IllegalStateException("The package is built before integration tests", e);
        }
    }

    private static Ended run(String... command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(List.of(command)).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("URVOTE_"));
        try {
            var process = builder.start();
            process.getOutputStream().close();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(process.waitFor(), said);
        } catch (IOException e) {
            return new Ended(127, e.toString());
        }
    }

    private record Ended(int code, String said) {}
}
