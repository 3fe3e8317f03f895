package rocks.urvote.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// All processes of one PostgreSQL cluster, found by the folder they work in, as the outside sees them.
final class PostgresTree {

    private final Path cluster;
    private List<String> commandLine = List.of();

    private PostgresTree(Path cluster) {
        this.cluster = cluster;
    }

    static PostgresTree in(Path cluster) {
        return new PostgresTree(cluster);
    }

    List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses().filter(this::worksHere).toList();
    }

    /// Takes all of them away in one moment: stopped first, so that none notices the end of another and tidies up. Who
    /// looks after the server may have a new one running before the last of the old ones is seen to be gone.
    void kill() {
        postmaster().ifPresent(server -> commandLine = commandLine(server));
        signal("STOP");
        var stopped = processes();
        signal("KILL");
        Wait.until(
                "PostgreSQL is gone from " + cluster,
                Duration.ofSeconds(20),
                () -> stopped.stream().noneMatch(this::worksHere));
    }

    /// They are there and do nothing, as behind a dead network.
    void freeze() {
        signal("STOP");
    }

    void thaw() {
        signal("CONT");
    }

    /// Starts the server that was killed, with the same command line, for those whom nobody else starts again.
    void startAgain() {
        try {
            var command = new ArrayList<>(asTheOwner());
            command.addAll(commandLine);
            command.addFirst("setsid");
            Files.deleteIfExists(cluster.resolve("postmaster.pid"));
            new ProcessBuilder(command)
                    .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.appendTo(
                            cluster.resolveSibling("postgres.log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// How often the log has it.
    long inLog(String words) {
        try (var lines = Files.lines(cluster.resolveSibling("postgres.log"), StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.contains(words)).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// PostgreSQL refuses root. Files that are root's were made from a user namespace, others are their owner's.
    private List<String> asTheOwner() throws IOException {
        int me = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        if (me != 0) {
            return List.of();
        }
        int owner = (int) Files.getAttribute(cluster, "unix:uid");
        return owner == 0
                ? List.of("unshare", "-U")
                : List.of(
                        "setpriv",
                        "--reuid=" + owner,
                        "--regid=" + Files.getAttribute(cluster, "unix:gid"),
                        "--clear-groups");
    }

    private Optional<ProcessHandle> postmaster() {
        try {
            var pid = Files.readAllLines(cluster.resolve("postmaster.pid")).getFirst();
            return ProcessHandle.of(Long.parseLong(pid.strip())).filter(this::worksHere);
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static List<String> commandLine(ProcessHandle process) {
        try {
            var line = Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
            return List.of(line.split("\0", 0));
        } catch (IOException e) {
            return List.of();
        }
    }

    /// Twice, because a server may have made one more process meanwhile.
    private void signal(String name) {
        for (int i = 0; i < 2; i++) {
            var pids = processes().stream()
                    .map(process -> Long.toString(process.pid()))
                    .toList();
            if (pids.isEmpty()) {
                return;
            }
            var command = new ArrayList<>(List.of("kill", "-" + name));
            command.addAll(pids);
            try {
                new ProcessBuilder(command)
                        .redirectError(Redirect.DISCARD)
                        .start()
                        .waitFor();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean worksHere(ProcessHandle process) {
        try {
            var proc = Path.of("/proc", Long.toString(process.pid()));
            return Files.isSameFile(proc.resolve("cwd"), cluster)
                    && Files.readSymbolicLink(proc.resolve("exe")).toString().contains("postgres");
        } catch (IOException e) {
            return false;
        }
    }
}
