package rocks.urvote.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import rocks.urvote.operations.TestCluster;

/// The oldest PostgreSQL that UrVote knows, where Debian's package has put it on this machine.
public final class DebianPostgres {

    private static final Path BIN = Path.of("/usr/lib/postgresql/15/bin");

    private static final class Lazy {
        static final TestCluster CLUSTER = TestCluster.installed(BIN, 15);
    }

    private static final class LazyGerman {
        static final TestCluster CLUSTER =
                TestCluster.installedWith("installed-15-german", BIN, 15, Map.of("LANGUAGE", "de"));
    }

    private DebianPostgres() {}

    public static boolean isHere() {
        return Files.isExecutable(BIN.resolve("initdb")) && Files.isExecutable(BIN.resolve("postgres"));
    }

    public static String superuserUrl() {
        return Lazy.CLUSTER.superuserUrl();
    }

    /// Makes an empty database for the caller alone; its superuser URL.
    public static String freshDatabase() {
        return Lazy.CLUSTER.freshDatabase();
    }

    /// An empty database of a server that speaks German, where its translations are on this machine.
    public static String freshGermanDatabase() {
        return LazyGerman.CLUSTER.freshDatabase();
    }

    /// Makes a copy of a database to which nobody is connected; the copy's superuser URL.
    public static String copyOf(String templateName) {
        return Lazy.CLUSTER.copyOf(templateName);
    }
}
