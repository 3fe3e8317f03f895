package rocks.urvote.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Every PostgreSQL that UrVote promises to run on: servers of their own for tests of roles, since these belong to a
/// server and are taken away after each.
final class Servers implements AutoCloseable {

    private static final Map<String, String> HASTY =
            Map.of("fsync", "off", "synchronous_commit", "off", "full_page_writes", "off");

    private final Map<String, EmbeddedPostgres> servers = new TreeMap<>();
    private int databases;

    private Servers() {}

    static Servers start(Path folder) {
        var all = new Servers();
        versions()
                .forEach(version -> all.servers.put(
                        version,
                        EmbeddedPostgres.start(
                                folder.resolve(version),
                                _ -> {},
                                HASTY,
                                _ -> version.equals("18")
                                        ? TestCluster.bundledBinaries()
                                        : TestCluster.olderBinaries(version))));
        return all;
    }

    static Stream<String> versions() {
        return Stream.of("18", "17", "16", "15");
    }

    DatabaseUrl superuser(String version) {
        return DatabaseUrl.parse(Objects.requireNonNull(servers.get(version)).url());
    }

    /// An empty database; its superuser's URL.
    DatabaseUrl fresh(String version) throws SQLException {
        var url = superuser(version).named("test_" + databases++);
        execute(superuser(version), "create database " + url.name());
        return url;
    }

    /// All databases of tests and all roles.
    void takeAway() throws SQLException {
        for (var server : servers.values()) {
            var superuser = DatabaseUrl.parse(server.url());
            each(superuser, """
                select format('drop database %I with (force)', datname)
                  from pg_database
                 where datname like 'test_%'
                """);
            each(superuser, """
                select format('drop owned by %1$I cascade; drop role %1$I', rolname)
                  from pg_roles
                 where rolname !~ '^(pg_|postgres$)'
                """);
        }
    }

    /// Runs SQL as people do, and gives what was said.
    static String psql(DatabaseUrl url, String sql) throws IOException, InterruptedException {
        var psql = new ProcessBuilder("psql", "-X", "-f", "-", url.withPassword())
                .redirectErrorStream(true)
                .start();
        try (var in = psql.getOutputStream()) {
            in.write(sql.getBytes(StandardCharsets.UTF_8));
        }
        var said = new String(psql.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(psql.waitFor()).as(said).isZero();
        return said;
    }

    static void execute(DatabaseUrl url, String... statements) throws SQLException {
        try (var connection = url.connect();
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    static List<String> rows(DatabaseUrl url, String query) throws SQLException {
        try (var connection = url.connect()) {
            return Migrations.client(connection)
                    .sql(query)
                    .query((row, _) -> row.getString(1))
                    .list();
        }
    }

    private static void each(DatabaseUrl url, String query) throws SQLException {
        execute(url, rows(url, query).toArray(String[]::new));
    }

    @Override
    public void close() {
        servers.values().forEach(EmbeddedPostgres::close);
    }
}
