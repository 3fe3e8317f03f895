package rocks.urvote.testkit;

import rocks.urvote.operations.TestCluster;

/// The real PostgreSQL of the tests: one cluster for the JVM, started by the first who asks.
public final class TestPostgres {

    private static final class Lazy {
        static final TestCluster CLUSTER = TestCluster.bundled();
    }

    private TestPostgres() {}

    public static String superuserUrl() {
        return Lazy.CLUSTER.superuserUrl();
    }

    /// Makes an empty database for the caller alone; its superuser URL, `postgresql://postgres:...@127.0.0.1:.../...`.
    public static String freshDatabase() {
        return Lazy.CLUSTER.freshDatabase();
    }

    /// Makes a copy of a database to which nobody is connected; the copy's superuser URL.
    public static String copyOf(String templateName) {
        return Lazy.CLUSTER.copyOf(templateName);
    }
}
