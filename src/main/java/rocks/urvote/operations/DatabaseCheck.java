package rocks.urvote.operations;

import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Optional;
import org.flywaydb.core.api.FlywayException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import rocks.urvote.operations.figures.Figures;

/// The part of `urvote check` that looks at the database: its clock, its room, its roles and logins, its tables and
/// what the modules know of them.
///
/// @param application whose modules are asked
record DatabaseCheck(Class<?> application, Settings settings, CheckReport report) {

    private static final Duration CLOCKS_AGREE = Duration.ofSeconds(1);

    void run() {
        if (settings.databaseUrl().isEmpty() && !Files.exists(settings.dataDir().resolve("postgres/data"))) {
            report.doubtful("database: not made yet; 'urvote serve' or 'urvote migrate' makes it");
            return;
        }
        Logs.toFile(settings.dataDir(), "commands.log");
        try (var database = Database.shared(settings, _ -> {})) {
            var migrations = new Migrations(database.url(), settings.appDatabaseUrl());
            try (var connection = migrations.connect()) {
                var db = Migrations.client(connection);
                report.fine("database: PostgreSQL %s at %s"
                        .formatted(
                                connection.getMetaData().getDatabaseProductVersion(),
                                database.url().hosts()));
                clock(db);
                pool(db);
                if (roles(database.url(), settings.appDatabaseUrl(), connection)) {
                    tables(migrations, db);
                    login(settings.appDatabaseUrl().orElseGet(database.url()::asApplication));
                    inspections(migrations);
                    if (migrations.pending() == 0) {
                        figures(Premises.ofOwner(settings, database.url()));
                    }
                }
                if (settings.databaseUrl().isPresent()) {
                    archiving(db);
                }
            }
        } catch (Command.Failed | EmbeddedPostgresException e) {
            report.stopping("database: " + e.getMessage());
        } catch (SQLException e) {
            report.stopping("database: it broke off while it was looked at: " + Roles.firstLine(e));
        } catch (DataAccessException | FlywayException e) {
            report.stopping("database: it could not be looked at: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    /// What the modules themselves have to say of tables that are up to date.
    private void inspections(Migrations migrations) throws SQLException {
        if (migrations.pending() > 0) {
            return;
        }
        for (var inspection : WholeDatabases.parts(application, Inspection.class)) {
            try (var connection = migrations.connect();
                    var statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("set local search_path = %s; set local urvote.role = 'admin'"
                        .formatted(Migrations.SEARCH_PATH));
                for (var finding : inspection.look(connection, settings.dataDir(), settings.properties())) {
                    report.tell(finding);
                }
                connection.rollback();
            }
        }
    }

    private void clock(JdbcClient db) {
        var before = Instant.now();
        var there =
                db.sql("select clock_timestamp()").query(OffsetDateTime.class).single();
        var after = Instant.now();
        var here = before.plus(Duration.between(before, after).dividedBy(2));
        var difference = Duration.between(here, there.toInstant()).abs();
        var measured = "clock: %,d ms between this machine and the database".formatted(difference.toMillis());
        if (difference.compareTo(CLOCKS_AGREE) > 0) {
            report.doubtful(measured + "; let both follow a time server (NTP)");
        } else {
            report.fine(measured);
        }
    }

    private void pool(JdbcClient db) {
        int room = db.sql("""
            select current_setting('max_connections')::int
                 - current_setting('superuser_reserved_connections')::int
                 - coalesce(current_setting('reserved_connections', true)::int, 0)
            """).query(Integer.class).single();
        int most = settings.number(Setting.POOL_MAX);
        var compared = "connections: up to %d from each node, the database has room for %d".formatted(most, room);
        if (settings.number(Setting.POOL_IDLE) > room) {
            report.stopping(compared + "; lower URVOTE_POOL_IDLE and URVOTE_POOL_MAX, or raise max_connections");
        } else if (most > room) {
            report.doubtful(compared + "; lower URVOTE_POOL_MAX or raise max_connections");
        } else {
            report.fine(compared);
        }
    }

    private boolean roles(DatabaseUrl url, Optional<DatabaseUrl> application, Connection connection) {
        var roles = new Roles(url, application, connection);
        var missing = new ArrayList<>(Roles.ALL);
        missing.removeAll(roles.existing());
        var powerful = roles.powerful();
        if (powerful.isPresent()) {
            report.stopping("roles: %s is a superuser or bypasses row level security; take that from it"
                    .formatted(powerful.get()));
            return false;
        }
        if (missing.isEmpty()) {
            report.fine("roles: " + String.join(", ", Roles.ALL));
            return true;
        }
        if (roles.mayMakeRoles()) {
            report.doubtful("roles: %s not made yet; 'urvote migrate' or 'urvote serve' makes them"
                    .formatted(String.join(", ", missing)));
        } else {
            report.stopping("roles: %s missing; %s".formatted(String.join(", ", missing), Roles.BY_HAND));
        }
        return false;
    }

    private void tables(Migrations migrations, JdbcClient db) {
        long pending = migrations.pending();
        if (pending > 0) {
            report.doubtful("tables: %d migrations to come; 'urvote migrate' or 'urvote serve' applies them"
                    .formatted(pending));
        } else {
            report.fine("tables: up to date");
        }
        var unguarded = Migrations.unguarded(db);
        if (unguarded.isEmpty()) {
            report.fine("guard: every table is under forced row level security");
        } else {
            report.stopping("guard: " + String.join("; ", unguarded));
        }
        months(db);
        chores(db);
    }

    /// Those whose newest run did not come to its end.
    private void chores(JdbcClient db) {
        var failing = new ArrayList<String>();
        db.sql("set urvote.role = 'chore'").update();
        for (var service : Migrations.SERVICES) {
            if (db.sql("select to_regclass(:log) is not null")
                    .param("log", service + ".chore_runs")
                    .query(Boolean.class)
                    .single()) {
                failing.addAll(db.sql("""
                    select chore || ' (' || note || ')'
                      from %1$s.chore_runs r
                     where outcome in ('failed', 'broken_off')
                       and not exists (select from %1$s.chore_runs newer where newer.chore = r.chore and newer.id > r.id)
                     order by chore
                    """.formatted(service))
                        .query((row, _) -> row.getString(1))
                        .list());
            }
        }
        if (failing.isEmpty()) {
            report.fine("chores: each came to its end when it ran last");
        } else {
            report.doubtful("chores: %s; 'urvote maintain --yes' tries again".formatted(String.join("; ", failing)));
        }
    }

    /// Those that votes may come to by the database's clock. A vote that meets none has it made, but waits for that.
    private void months(JdbcClient db) {
        if (!db.sql("select to_regclass('contest.votes') is not null")
                .query(Boolean.class)
                .single()) {
            return;
        }
        var missing = MissingMonths.in(db);
        if (missing.isEmpty()) {
            report.fine("months: last month, this one and three ahead are ready for votes");
        } else {
            report.doubtful(
                    "months: %s not ready for votes; 'urvote serve' makes them every day, 'urvote maintain --yes' now"
                            .formatted(String.join(", ", missing)));
        }
    }

    /// Asks as the application itself, since what counts is what its own connections may do.
    private void login(DatabaseUrl login) {
        try (var connection = login.connect()) {
            var bypasses = Migrations.client(connection)
                    .sql("""
                        select rolsuper or rolbypassrls or pg_has_role(current_user, :owner, 'MEMBER')
                          from pg_roles
                         where rolname = current_user
                        """)
                    .param("owner", Roles.OWNER)
                    .query(Boolean.class)
                    .single();
            if (bypasses) {
                report.stopping("application: its login %s is above row level security; give it another"
                        .formatted(login.user()));
            } else {
                report.fine("application: logs in as %s, and row level security applies to it".formatted(login.user()));
            }
        } catch (SQLException e) {
            report.doubtful("application: %s cannot log in yet (%s); 'urvote migrate' sets its password"
                    .formatted(login.user(), Roles.firstLine(e)));
        }
    }

    /// The embedded database's journal is nobody's but its own.
    private void archiving(JdbcClient db) {
        var archiver = Archiver.of(db);
        if (archiver.works()) {
            report.fine("archiving: " + archiver.text());
        } else {
            report.doubtful("archiving: " + archiver.text());
        }
    }

    /// What it holds, how that grows, who waits, and what was left lying.
    private void figures(Premises premises) {
        try {
            for (var finding : Figures.of(premises).now().findings()) {
                if (finding.well()) {
                    report.fine(finding.what());
                } else {
                    report.doubtful(finding.what());
                }
            }
        } catch (Command.Failed e) {
            report.doubtful("figures: " + e.getMessage());
        }
    }
}
