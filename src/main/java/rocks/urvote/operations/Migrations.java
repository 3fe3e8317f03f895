package rocks.urvote.operations;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import rocks.urvote.kernel.Sql;

/// Brings a database to what this version of UrVote needs: its roles, a schema for each service, and their tables.
/// Running it again changes nothing; two nodes at once wait for each other.
final class Migrations {

    /// In the order in which they are migrated.
    static final List<String> SERVICES = List.of("identity", "media", "contest");

    static final String SEARCH_PATH = "identity, contest, media, public";

    /// Whatever the server's defaults: an index of a large table takes its time, and so does waiting for it.
    private static final String WITHOUT_LIMITS = "set statement_timeout = 0; set idle_session_timeout = 0";

    private static final Duration USUAL_WAIT = Duration.ofSeconds(5);

    static final long LOCK = 0x7572766f7465L;

    private final DatabaseUrl url;
    private final Optional<DatabaseUrl> applicationUrl;

    Migrations(DatabaseUrl url, Optional<DatabaseUrl> applicationUrl) {
        this.url = url;
        this.applicationUrl = applicationUrl;
    }

    /// Gives the login the application is to use. What stands in the way is a [Command.Failed] in one line.
    DatabaseUrl run(Consumer<String> progress) {
        return prepared(Roles::make, progress, connection -> {
            forgetBrokenOff(connection);
            int applied = SERVICES.stream()
                    .mapToInt(service -> flyway(service).load().migrate().migrationsExecuted)
                    .sum();
            if (applied > 0) {
                progress.accept("%d migrations applied".formatted(applied));
            }
            refuseUnguardedTables(client(connection));
        });
    }

    /// For a database that is restored: roles, schemas and all tables, whoever the application logs in as.
    void runForRestored() {
        var _ = prepared(this::rolesOnly, _ -> {}, connection -> {
            forgetRepeatable(connection);
            forgetBrokenOff(connection);
            SERVICES.forEach(service -> flyway(service).load().migrate());
            refuseUnguardedTables(client(connection));
        });
    }

    /// For a database that is about to be restored: roles and schemas, and each service's tables as they were at its
    /// version; of a service that is not named, none.
    void runTo(Map<String, String> versions) {
        var _ = prepared(this::rolesOnly, _ -> {}, _ -> {
            for (var service : SERVICES) {
                if (versions.containsKey(service)) {
                    migrateTo(service, MigrationVersion.fromVersion(versions.get(service)));
                }
            }
        });
    }

    /// What is repeatable is written for the newest tables and waits for them.
    private void migrateTo(String service, MigrationVersion version) {
        var known = Arrays.stream(flyway(service).load().info().all())
                .map(MigrationInfo::getVersion)
                .filter(Objects::nonNull)
                .toList();
        if (!known.contains(version)) {
            throw new Command.Failed("This UrVote knows no version %s of the tables of %s: take the one that wrote it"
                    .formatted(version, service));
        }
        var flyway = flyway(service).target(version);
        if (known.stream().anyMatch(newer -> newer.compareTo(version) > 0)) {
            flyway.repeatableSqlMigrationPrefix("NotYet").validateMigrationNaming(false);
        }
        flyway.load().migrate();
    }

    /// The rows of a backup say that what is repeatable was done, but that was in another database.
    private static void forgetRepeatable(Connection connection) throws SQLException {
        execute(connection, "set role " + Roles.OWNER);
        for (var service : SERVICES) {
            execute(
                    connection,
                    "delete from %s.flyway_schema_history where version is null and type = 'SQL'".formatted(service));
        }
        execute(connection, "reset role");
    }

    /// A script outside of a transaction can break off, and then stands in the way of all others until somebody says
    /// otherwise. Each of them may be run again: the migration lint sees to it.
    private static void forgetBrokenOff(Connection connection) throws SQLException {
        execute(connection, "set role " + Roles.OWNER);
        for (var service : SERVICES) {
            if (client(connection)
                    .sql("select to_regclass(:history) is not null")
                    .param("history", service + ".flyway_schema_history")
                    .query(Boolean.class)
                    .single()) {
                execute(connection, "delete from %s.flyway_schema_history where not success".formatted(service));
            }
        }
        execute(connection, "reset role");
    }

    private DatabaseUrl rolesOnly(Roles roles) throws SQLException {
        roles.makeMissing();
        return url;
    }

    private interface Login {
        DatabaseUrl of(Roles roles) throws SQLException;
    }

    private interface Migrating {
        void on(Connection connection) throws SQLException;
    }

    private DatabaseUrl prepared(Login login, Consumer<String> progress, Migrating migrating) {
        try (var connection = connect()) {
            execute(connection, WITHOUT_LIMITS);
            AdvisoryLock.prepare(connection, "urvote migrations");
            waitForOthers(client(connection), progress);
            var application = login.of(new Roles(url, applicationUrl, connection));
            prepareDatabase(connection);
            migrating.on(connection);
            return application;
        } catch (SQLException e) {
            throw new Command.Failed(
                    "The database at %s could not be prepared: %s".formatted(url.hosts(), Roles.firstLine(e)), e);
        } catch (FlywayException e) {
            throw new Command.Failed(
                    "The database at %s could not be migrated: %s".formatted(url.hosts(), oneLine(e)), e);
        }
    }

    /// Asks again and again, as an index that is made concurrently would wait for a statement that waits for its maker.
    /// Says every minute whom it waits for, the first time when others would have been done.
    private static void waitForOthers(JdbcClient db, Consumer<String> progress) {
        var begun = System.nanoTime();
        var told = 0;
        while (!db.sql("select pg_try_advisory_lock(:lock)")
                .param("lock", LOCK)
                .query(Boolean.class)
                .single()) {
            var waited = Duration.ofNanos(System.nanoTime() - begun);
            if (waited.compareTo(USUAL_WAIT.plusMinutes(told)) >= 0) {
                told++;
                progress.accept("Waiting for %s ...".formatted(AdvisoryLock.holder(db, Long.toString(LOCK))));
            }
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
    }

    /// Opens a connection and refuses a PostgreSQL that is too old.
    Connection connect() {
        Connection connection;
        try {
            connection = url.connect();
        } catch (SQLException e) {
            throw new Command.Failed(
                    "URVOTE_DATABASE_URL: the database at %s lets nobody in: %s"
                            .formatted(url.hosts(), Roles.firstLine(e)),
                    e);
        }
        try {
            int version = connection.getMetaData().getDatabaseMajorVersion();
            if (version < 15) {
                throw new Command.Failed(
                        "URVOTE_DATABASE_URL: the database at %s is PostgreSQL %d, but UrVote needs 15 or newer"
                                .formatted(url.hosts(), version));
            }
            return connection;
        } catch (SQLException | RuntimeException e) {
            try {
                connection.close();
            } catch (SQLException closing) {
                e.addSuppressed(closing);
            }
            throw e instanceof RuntimeException unchecked
                    ? unchecked
                    : new Command.Failed("URVOTE_DATABASE_URL: the database at %s broke off".formatted(url.hosts()), e);
        }
    }

    /// Migrations this version brings that the database has not seen, or not to their end.
    long pending() {
        return SERVICES.stream()
                .map(service -> flyway(service).load().info())
                .mapToLong(info -> info.pending().length
                        + Arrays.stream(info.all())
                                .filter(each -> each.getState().isFailed())
                                .count())
                .sum();
    }

    /// What [Guard] finds, as sentences; empty where all is well.
    static List<String> unguarded(JdbcClient db) {
        return Guard.holes(db);
    }

    static JdbcClient client(Connection connection) {
        return Sql.on(new SingleConnectionDataSource(connection, true));
    }

    private static void refuseUnguardedTables(JdbcClient db) {
        var unguarded = unguarded(db);
        if (!unguarded.isEmpty()) {
            throw new Command.Failed("The database is not guarded: %s".formatted(String.join("; ", unguarded)));
        }
    }

    private void prepareDatabase(Connection connection) throws SQLException {
        var db = client(connection);
        var database = db.sql("select quote_ident(current_database())")
                .query(String.class)
                .single();
        for (var role : Roles.ALL.subList(1, Roles.ALL.size())) {
            if (!mayConnect(db, role)) {
                execute(connection, "grant connect on database %s to %s".formatted(database, role));
            }
        }
        for (var service : SERVICES) {
            if (!exists(db, service)) {
                execute(connection, "create schema %s authorization %s".formatted(service, Roles.OWNER));
            }
        }
        Guard.tighten(connection, database);
        if (!searchPathIsSet(db)) {
            try {
                execute(connection, "alter database %s set search_path = %s".formatted(database, SEARCH_PATH));
            } catch (SQLException e) {
                // Only for people at psql: UrVote's own connections set it themselves.
                if (!"42501".equals(e.getSQLState())) {
                    throw e;
                }
            }
        }
    }

    private static boolean mayConnect(JdbcClient db, String role) {
        return db.sql("select has_database_privilege(:role, current_database(), 'connect')")
                .param("role", role)
                .query(Boolean.class)
                .single();
    }

    private static boolean exists(JdbcClient db, String schema) {
        return db.sql("select to_regnamespace(:schema) is not null")
                .param("schema", schema)
                .query(Boolean.class)
                .single();
    }

    private static boolean searchPathIsSet(JdbcClient db) {
        return db.sql("""
            select exists (
                   select from pg_db_role_setting s
                     join pg_database d on d.oid = s.setdatabase
                    where d.datname = current_database()
                      and s.setrole = 0
                      and 'search_path=' || :path = any (s.setconfig))
            """).param("path", SEARCH_PATH).query(Boolean.class).single();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private FluentConfiguration flyway(String service) {
        return Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(url.jdbc(), url.user(), url.password())
                .initSql("set role " + Roles.OWNER + "; " + WITHOUT_LIMITS)
                .schemas(service)
                .defaultSchema(service)
                .createSchemas(false)
                .table("flyway_schema_history")
                .locations("classpath:db/migration/every", "classpath:db/migration/" + service)
                .validateMigrationNaming(true)
                // A transaction that is open meanwhile would be waited for by an index that is made concurrently.
                .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
                .cleanDisabled(true);
    }

    /// The script, line and reason out of Flyway's many lines.
    private static String oneLine(FlywayException e) {
        return String.valueOf(e.getMessage())
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.matches("-+"))
                .limit(6)
                .collect(java.util.stream.Collectors.joining(" | "));
    }
}
