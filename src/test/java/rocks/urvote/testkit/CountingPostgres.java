package rocks.urvote.testkit;

import java.util.List;
import java.util.stream.Collectors;
import rocks.urvote.operations.TestCluster;
import rocks.urvote.operations.TestReplica;

/// The bundled PostgreSQL with pg_stat_statements, made where `docs/tuning.md` has it: in the database `postgres`. Its
/// tests take all its connections, so one class at a time has it: `@ResourceLock(CountingPostgres.LOCK)`.
public final class CountingPostgres {

    public static final String LOCK = "CountingPostgres";

    private static final List<String> SETTINGS =
            List.of("shared_preload_libraries=pg_stat_statements", "max_connections=40");

    private static final class Lazy {
        static final TestCluster CLUSTER = started();

        private static TestCluster started() {
            var cluster = TestCluster.bundledTold(
                    "counting",
                    SETTINGS.stream()
                            .map(setting -> setting.split("=", 2))
                            .collect(Collectors.toMap(setting -> setting[0], setting -> setting[1])));
            var url = cluster.superuserUrl();
            Stage.database(url.substring(0, url.lastIndexOf('/')) + "/postgres")
                    .sql("create extension if not exists pg_stat_statements")
                    .update();
            return cluster;
        }
    }

    private CountingPostgres() {}

    /// Makes an empty database for the caller alone; its superuser URL.
    public static String freshDatabase() {
        return Lazy.CLUSTER.freshDatabase();
    }

    /// A server that follows it, on this port.
    public static TestReplica replica(int port) {
        return TestReplica.follow(Lazy.CLUSTER, port, SETTINGS);
    }
}
