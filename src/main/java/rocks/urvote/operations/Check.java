package rocks.urvote.operations;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.api.FlywayException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import picocli.CommandLine;
import rocks.urvote.operations.backups.BackupKeeping;
import rocks.urvote.operations.figures.Figures;

/// One line for each thing UrVote needs, with what to do where it is not as it should be. Changes nothing; an embedded
/// database that is not running is started and stopped again.
@CommandLine.Command(name = "check", description = "Checks settings, database, disk, clock and mail.")
final class Check implements Command {

    private static final long ENOUGH_BYTES = 1L << 30;
    private static final Duration CLOCKS_AGREE = Duration.ofSeconds(1);
    private static final int MAIL_MILLIS = 5000;

    private final Shell shell;
    private boolean stops;

    Check(Shell shell) {
        this.shell = shell;
    }

    @Override
    public int run(Beans beans) {
        var settings = shell.settings();
        settings(settings);
        disks(settings);
        database(settings);
        mail(settings);
        outfits(settings);
        backups(Backups.of(settings));
        return stops ? 1 : 0;
    }

    private void settings(Settings settings) {
        fine("settings: %s mode, served on port %d as %s"
                .formatted(settings.demo() ? "demo" : "production", settings.port(), settings.publicUrl()));
        if (!settings.demo() && settings.publicUrlIsLocal()) {
            doubtful(
                    "public address: links in mails lead to %s, which only this machine understands; set URVOTE_PUBLIC_URL"
                            .formatted(settings.publicUrl()));
        }
        if (settings.given(Setting.REPLICA_URL)) {
            doubtful("replica: nothing reads from URVOTE_REPLICA_URL yet");
        }
    }

    private void disks(Settings settings) {
        disk(settings.dataDir(), Setting.DATA_DIR, true);
        var backups = Backups.of(settings);
        disk(backups.uploads(), Setting.UPLOADS, true);
        if (backups.bucket().isEmpty()) {
            disk(backups.folder(), Setting.BACKUPS, false);
        }
    }

    /// Where it is not there yet, the folder it is to be made in.
    private void disk(Path folder, Setting setting, boolean needed) {
        try {
            var there = folder.toAbsolutePath();
            while (Files.notExists(there) && there.getParent() != null) {
                there = there.getParent();
            }
            Files.delete(Files.createTempFile(there, "check", ""));
            long free = there.toFile().getUsableSpace();
            var room = "disk: %s is writable, %,d MB free".formatted(folder, free >> 20);
            if (free < ENOUGH_BYTES) {
                doubtful(room + "; make room before uploads fail");
            } else {
                fine(room);
            }
        } catch (IOException e) {
            var why = "disk: nothing can be written to %s (%s); set %s to a folder of the user UrVote runs as"
                    .formatted(folder, e.getClass().getSimpleName(), setting.variable());
            if (needed) {
                stopping(why);
            } else {
                doubtful(why);
            }
        }
    }

    private void database(Settings settings) {
        if (settings.databaseUrl().isEmpty() && !Files.exists(settings.dataDir().resolve("postgres/data"))) {
            doubtful("database: not made yet; 'urvote serve' or 'urvote migrate' makes it");
            return;
        }
        Logs.toFile(settings.dataDir(), "commands.log");
        try (var database = Database.shared(settings, _ -> {})) {
            var migrations = new Migrations(database.url(), settings.appDatabaseUrl());
            try (var connection = migrations.connect()) {
                var db = Migrations.client(connection);
                fine("database: PostgreSQL %s at %s"
                        .formatted(
                                connection.getMetaData().getDatabaseProductVersion(),
                                database.url().hosts()));
                clock(db);
                pool(db, settings);
                if (roles(database.url(), settings.appDatabaseUrl(), connection)) {
                    tables(migrations, db);
                    application(settings.appDatabaseUrl().orElseGet(database.url()::asApplication));
                    inspections(migrations, settings);
                    if (migrations.pending() == 0) {
                        figures(Premises.ofOwner(settings, database.url()));
                    }
                }
                if (settings.databaseUrl().isPresent()) {
                    archiving(db);
                }
            }
        } catch (Failed | EmbeddedPostgresException e) {
            stopping("database: " + e.getMessage());
        } catch (SQLException e) {
            stopping("database: it broke off while it was looked at: " + Roles.firstLine(e));
        } catch (DataAccessException | FlywayException e) {
            stopping("database: it could not be looked at: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    /// What the modules themselves have to say, of things their settings name.
    private void outfits(Settings settings) {
        for (var outfit : parts(Outfit.class)) {
            tell(outfit.look(settings.properties()));
        }
    }

    /// What they have to say of tables that are up to date.
    private void inspections(Migrations migrations, Settings settings) throws SQLException {
        if (migrations.pending() > 0) {
            return;
        }
        for (var inspection : parts(Inspection.class)) {
            try (var connection = migrations.connect();
                    var statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("set local search_path = %s; set local urvote.role = 'admin'"
                        .formatted(Migrations.SEARCH_PATH));
                for (var finding : inspection.look(connection, settings.dataDir(), settings.properties())) {
                    tell(finding);
                }
                connection.rollback();
            }
        }
    }

    private <T> List<T> parts(Class<T> kind) {
        return WholeDatabases.parts(shell.application(), kind);
    }

    private void tell(Inspection.Finding finding) {
        switch (finding.degree()) {
            case FINE -> fine(finding.line());
            case DOUBTFUL -> doubtful(finding.line());
            case STOPPING -> stopping(finding.line());
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
            doubtful(measured + "; let both follow a time server (NTP)");
        } else {
            fine(measured);
        }
    }

    private void pool(JdbcClient db, Settings settings) {
        int room = db.sql("""
            select current_setting('max_connections')::int
                 - current_setting('superuser_reserved_connections')::int
                 - coalesce(current_setting('reserved_connections', true)::int, 0)
            """).query(Integer.class).single();
        int most = settings.number(Setting.POOL_MAX);
        var compared = "connections: up to %d from each node, the database has room for %d".formatted(most, room);
        if (settings.number(Setting.POOL_IDLE) > room) {
            stopping(compared + "; lower URVOTE_POOL_IDLE and URVOTE_POOL_MAX, or raise max_connections");
        } else if (most > room) {
            doubtful(compared + "; lower URVOTE_POOL_MAX or raise max_connections");
        } else {
            fine(compared);
        }
    }

    private boolean roles(DatabaseUrl url, Optional<DatabaseUrl> application, Connection connection) {
        var roles = new Roles(url, application, connection);
        var missing = new ArrayList<>(Roles.ALL);
        missing.removeAll(roles.existing());
        var powerful = roles.powerful();
        if (powerful.isPresent()) {
            stopping("roles: %s is a superuser or bypasses row level security; take that from it"
                    .formatted(powerful.get()));
            return false;
        }
        if (missing.isEmpty()) {
            fine("roles: " + String.join(", ", Roles.ALL));
            return true;
        }
        if (roles.mayMakeRoles()) {
            doubtful("roles: %s not made yet; 'urvote migrate' or 'urvote serve' makes them"
                    .formatted(String.join(", ", missing)));
        } else {
            stopping("roles: %s missing; %s".formatted(String.join(", ", missing), Roles.BY_HAND));
        }
        return false;
    }

    private void tables(Migrations migrations, JdbcClient db) {
        long pending = migrations.pending();
        if (pending > 0) {
            doubtful("tables: %d migrations to come; 'urvote migrate' or 'urvote serve' applies them"
                    .formatted(pending));
        } else {
            fine("tables: up to date");
        }
        var unguarded = Migrations.unguarded(db);
        if (unguarded.isEmpty()) {
            fine("guard: every table is under forced row level security");
        } else {
            stopping("guard: " + String.join("; ", unguarded));
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
            fine("chores: each came to its end when it ran last");
        } else {
            doubtful("chores: %s; 'urvote maintain --yes' tries again".formatted(String.join("; ", failing)));
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
            fine("months: last month, this one and three ahead are ready for votes");
        } else {
            doubtful("months: %s not ready for votes; 'urvote serve' makes them every day, 'urvote maintain --yes' now"
                    .formatted(String.join(", ", missing)));
        }
    }

    /// Asks as the application itself, since what counts is what its own connections may do.
    private void application(DatabaseUrl login) {
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
                stopping("application: its login %s is above row level security; give it another"
                        .formatted(login.user()));
            } else {
                fine("application: logs in as %s, and row level security applies to it".formatted(login.user()));
            }
        } catch (SQLException e) {
            doubtful("application: %s cannot log in yet (%s); 'urvote migrate' sets its password"
                    .formatted(login.user(), Roles.firstLine(e)));
        }
    }

    /// The embedded database's journal is nobody's but its own.
    private void archiving(JdbcClient db) {
        var archiver = Archiver.of(db);
        if (archiver.works()) {
            fine("archiving: " + archiver.text());
        } else {
            doubtful("archiving: " + archiver.text());
        }
    }

    /// What it holds, how that grows, who waits, and what was left lying.
    private void figures(Premises premises) {
        try {
            for (var finding : Figures.of(premises).now().findings()) {
                if (finding.well()) {
                    fine(finding.what());
                } else {
                    doubtful(finding.what());
                }
            }
        } catch (Failed e) {
            doubtful("figures: " + e.getMessage());
        }
    }

    private void mail(Settings settings) {
        var server = settings.properties().get(Setting.SMTP_URL.property());
        if (server == null) {
            doubtful("mail: no server, so mails are written to %s; set URVOTE_SMTP_URL to send them"
                    .formatted(settings.dataDir().resolve("outbox")));
            return;
        }
        var url = URI.create(server.toString());
        int port = url.getPort() > 0 ? url.getPort() : "smtps".equals(url.getScheme()) ? 465 : 587;
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(url.getHost(), port), MAIL_MILLIS);
            fine("mail: %s:%d answers".formatted(url.getHost(), port));
        } catch (IOException e) {
            doubtful("mail: %s:%d does not answer (%s); look at URVOTE_SMTP_URL"
                    .formatted(url.getHost(), port, e.getMessage()));
        }
    }

    private void backups(Backups backups) {
        BackupKeeping.doubts(backups)
                .ifPresentOrElse(
                        doubt -> doubtful("backups: " + doubt),
                        () -> fine("backups: the newest in %s is proved".formatted(backups.place())));
    }

    private void fine(String what) {
        tell("ok  ", what);
    }

    private void doubtful(String what) {
        tell("warn", what);
    }

    private void stopping(String what) {
        stops = true;
        tell("FAIL", what);
    }

    /// At once, as the next look may take a while.
    private void tell(String mark, String what) {
        shell.out().println(mark + " " + what);
        shell.out().flush();
    }
}
