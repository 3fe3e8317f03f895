package rocks.urvote.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The TCP connections of this machine, as Linux knows them.
public final class Sockets {

    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

    /// What waits, in the kernel's words: the other side is asked whether it is still there.
    private static final String KEEPALIVE = "02";

    private static final int TICKS_A_SECOND = 100;

    private Sockets() {}

    public static boolean areSeen() {
        return TABLES.stream().anyMatch(Files::isReadable);
    }

    /// When the one that has this port asks the other side whether it is still there; empty where it never does.
    public static Optional<Duration> asksFrom(int port) {
        return asks(row -> row[1].endsWith(hex(port)));
    }

    /// The same of the other side.
    public static Optional<Duration> asksWhoeverHas(int port) {
        return asks(row -> row[2].endsWith(hex(port)));
    }

    private static String hex(int port) {
        return ":%04X".formatted(port);
    }

    private static Optional<Duration> asks(Predicate<String[]> which) {
        return TABLES.stream()
                .filter(Files::isReadable)
                .flatMap(Sockets::lines)
                .map(line -> line.strip().split("\\s+"))
                .filter(which)
                .map(row -> row[5].split(":"))
                .filter(timer -> timer[0].equals(KEEPALIVE))
                .map(timer -> Duration.ofMillis(Long.parseLong(timer[1], 16) * 1000 / TICKS_A_SECOND))
                .findFirst();
    }

    private static Stream<String> lines(Path table) {
        try {
            return Files.readAllLines(table).stream().skip(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
