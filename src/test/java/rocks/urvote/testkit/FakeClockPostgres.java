package rocks.urvote.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import rocks.urvote.operations.TestCluster;

/// A real PostgreSQL whose clock a test sets, for all its sessions at once, by libfaketime (`apt install libfaketime`).
/// Every other clock of this machine stays as it is. One class of tests at a time sets it:
/// `@ResourceLock(FakeClockPostgres.LOCK)`.
public final class FakeClockPostgres {

    public static final String LOCK = "the clock that tests set";

    private static final List<Path> LIBRARIES = List.of(
            Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"),
            Path.of("/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1"));

    private static final Path CLOCK = Path.of("target", "fake-clock.txt").toAbsolutePath();

    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final class Lazy {
        static final TestCluster CLUSTER = start();
    }

    private FakeClockPostgres() {}

    public static boolean isHere() {
        return LIBRARIES.stream().anyMatch(Files::isReadable);
    }

    /// An empty database for the caller alone, at the clock's present time; its superuser URL.
    public static String freshDatabase() {
        return Lazy.CLUSTER.freshDatabase();
    }

    /// From now on it is this moment there, and time goes on.
    public static void set(Instant moment) {
        var ahead = Duration.between(Instant.now(), moment);
        write("%s%d.%09d"
                .formatted(
                        ahead.isNegative() ? "-" : "+",
                        ahead.abs().toSeconds(),
                        ahead.abs().toNanosPart()));
    }

    /// From now on it is this second there, and stays.
    public static void freeze(Instant second) {
        if (!second.truncatedTo(ChronoUnit.SECONDS).equals(second)) {
            throw new IllegalArgumentException("The clock stands still on whole seconds only, not at " + second);
        }
        write(MOMENT.format(second));
    }

    private static TestCluster start() {
        set(Instant.now());
        return TestCluster.bundledWith(
                "fake-clock",
                Map.of(
                        "LD_PRELOAD",
                        LIBRARIES.stream()
                                .filter(Files::isReadable)
                                .findFirst()
                                .orElseThrow()
                                .toString(),
                        "FAKETIME_TIMESTAMP_FILE",
                        CLOCK.toString(),
                        "FAKETIME_NO_CACHE",
                        "1",
                        "FAKETIME_DONT_FAKE_MONOTONIC",
                        "1",
                        "TZ",
                        "UTC"));
    }

    /// At once, as it is read at any time.
    private static void write(String time) {
        try {
            Files.createDirectories(CLOCK.resolveSibling("."));
            var arriving = Files.writeString(CLOCK.resolveSibling("fake-clock.arriving"), time + "\n");
            Files.move(arriving, CLOCK, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
