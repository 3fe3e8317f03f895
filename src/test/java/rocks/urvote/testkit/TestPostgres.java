package rocks.urvote.testkit;

import java.util.concurrent.atomic.AtomicInteger;
import rocks.urvote.operations.TestCluster;

/// The real PostgreSQL of the tests, started by the first who asks: one cluster for each thread that runs test classes
/// (and what it starts), because roles belong to a cluster and some tests change them.
public final class TestPostgres {

    private static final AtomicInteger CLUSTERS = new AtomicInteger();
    private static final InheritableThreadLocal<TestCluster> CLUSTER = new InheritableThreadLocal<>() {
        @Override
        protected TestCluster initialValue() {
            return TestCluster.bundled("bundled-" + CLUSTERS.incrementAndGet());
        }
    };

    private TestPostgres() {}

    public static String superuserUrl() {
        return CLUSTER.get().superuserUrl();
    }

    /// Makes an empty database for the caller alone; its superuser URL, `postgresql://postgres:...@127.0.0.1:.../...`.
    public static String freshDatabase() {
        return CLUSTER.get().freshDatabase();
    }

    /// Makes a copy of a database to which nobody is connected; the copy's superuser URL.
    public static String copyOf(String templateName) {
        return CLUSTER.get().copyOf(templateName);
    }
}
