package rocks.urvote.operations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import rocks.urvote.operations.tuning.Server;

/// A running PostgreSQL and what it is told now, as far as the login may see.
final class TunedServer {

    private final DatabaseUrl url;
    private final int major;
    private final JdbcClient db;
    private final Map<String, Now> settings;

    TunedServer(DatabaseUrl url, Connection connection) throws SQLException {
        this.url = url;
        this.major = connection.getMetaData().getDatabaseMajorVersion();
        this.db = Migrations.client(connection);
        this.settings =
                db.sql("""
                    select name, setting, coalesce(unit, '') as unit, current_setting(name) as shown,
                           context = 'postmaster' as needs_restart, pending_restart as pending,
                           source = 'command line' as fixed
                      from pg_settings
                    """).query(Now.class).list().stream().collect(Collectors.toMap(Now::name, Function.identity()));
    }

    /// A setting as it is.
    ///
    /// @param setting in `unit`
    /// @param fixed   by the command line, so that nothing else changes it
    record Now(
            String name,
            String setting,
            String unit,
            String shown,
            boolean needsRestart,
            boolean pending,
            boolean fixed) {}

    Optional<Now> now(String name) {
        return Optional.ofNullable(settings.get(name));
    }

    Server facts() {
        boolean lz4 = db.sql("select 'lz4' = any (enumvals) from pg_settings where name = 'wal_compression'")
                .query(Boolean.class)
                .single();
        boolean statements = db.sql(
                        "select exists (select from pg_available_extensions where name = 'pg_stat_statements')")
                .query(Boolean.class)
                .single();
        var preloaded = now("shared_preload_libraries")
                .map(now -> Arrays.stream(now.setting().split(",", -1))
                        .map(library -> library.strip().replace("\"", ""))
                        .filter(library -> !library.isEmpty())
                        .toList());
        // What cannot be seen must not be overwritten.
        return new Server(major, lz4, statements && preloaded.isPresent(), preloaded.orElse(List.of()));
    }

    boolean checksums() {
        return now("data_checksums").map(now -> now.setting().equals("on")).orElse(true);
    }

    /// The number of the server's process where that is on this machine.
    OptionalLong processHere() {
        boolean loopback = Arrays.stream(url.hosts().split(",", -1))
                .allMatch(host -> host.matches("(localhost|127\\.[0-9.]+|\\[::1])(:[0-9]+)?"));
        long process =
                db.sql("select pg_backend_pid()::bigint").query(Long.class).single();
        try {
            return loopback
                            && Files.readString(Path.of("/proc/%d/comm".formatted(process)))
                                    .startsWith("postgres")
                    ? OptionalLong.of(process)
                    : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /// Only superusers may see it: for others, where the distributions have it.
    Path dataDirectory() {
        return now("data_directory")
                .map(now -> Path.of(now.setting()))
                .or(() -> Stream.of("/var/lib/postgresql", "/var/lib/pgsql")
                        .map(Path::of)
                        .filter(Files::exists)
                        .findFirst())
                .orElse(Path.of("/"));
    }
}
