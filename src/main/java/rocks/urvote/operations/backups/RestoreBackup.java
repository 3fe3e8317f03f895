package rocks.urvote.operations.backups;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import rocks.urvote.operations.Backups;
import rocks.urvote.operations.Beans;
import rocks.urvote.operations.Command;
import rocks.urvote.operations.DatabaseUrl;
import rocks.urvote.operations.Databases;

@CommandLine.Command(
        name = "restore",
        description = {
            "Makes a backup a database again, in an empty one: the one named, which is made where it is missing, or"
                    + " the one of URVOTE_DATABASE_URL or of a new data folder.",
            "Looks at the manifest first. Without --yes it says what it would do."
        })
final class RestoreBackup implements Command {

    private static final String NO_SUCH_DATABASE = "3D000";

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @CommandLine.Parameters(
            paramLabel = "file",
            description = "urvote_YYYYMMDD_HHMMSS.dump: its path, its name where backups are kept, or s3://bucket/...")
    private String file = "";

    @CommandLine.Option(names = "--into", paramLabel = "url", description = "postgresql://user:password@host:port/name")
    private @Nullable String into;

    @CommandLine.Option(names = "--identity", description = "The file of age's private key, for an encrypted one.")
    private @Nullable Path identity;

    @CommandLine.Option(names = "--with-files", description = "Put the uploaded files back too, into URVOTE_UPLOADS.")
    private boolean withFiles;

    @CommandLine.Option(names = "--yes", description = "Do it.")
    private boolean yes;

    @Override
    public int run(Beans beans) throws IOException, SQLException {
        if (spec == null) {
            throw new IllegalStateException("A command is run by its command line");
        }
        var out = spec.commandLine().getOut();
        var settings = beans.get(Backups.class);
        try (var store = BackupStore.holding(settings, file)) {
            return run(out, store, settings, beans.get(Databases.class), spec);
        }
    }

    private int run(
            PrintWriter out,
            BackupStore store,
            Backups settings,
            Databases databases,
            CommandLine.Model.CommandSpec spec)
            throws IOException, SQLException {
        var kept = store.named(BackupStore.name(file), Instant.now());
        var manifest = store.manifest(kept.name());
        var archive = manifest.uploads().archive();
        if (withFiles && archive == null) {
            throw new Failed("%s was made without --with-files".formatted(kept.name()));
        }
        if (store.isHere() && !yes) {
            store.fetch(kept.name(), manifest.file()).close();
        } else {
            store.refuseMissing(kept.name(), manifest.file());
        }
        if (withFiles && archive != null) {
            store.refuseMissing(UploadsArchive.beside(kept.name()), archive);
        }
        var target = into == null ? databases.own() : url(spec, into);
        boolean missing = isMissing(target);
        var restoration = new Restoration(databases, target, settings.tools(), false);
        if (!missing) {
            restoration.refuseUnlessEmpty();
        }
        if (!yes) {
            describe(out, kept, manifest, target, missing);
            return 0;
        }
        if (manifest.file().recipient() != null && identity == null) {
            throw PlainFile.refused(store.where(kept.name()), manifest.file());
        }
        var workbench = new Workbench(settings.work());
        try (var fetched = store.fetch(kept.name(), manifest.file());
                var plain = PlainFile.of(fetched, store.where(kept.name()), manifest.file(), identity, workbench)) {
            restore(databases, restoration, plain.path(), manifest, missing);
        }
        out.println("%s is restored: the database %s at %s has all its %,d rows, and its tables are up to date."
                .formatted(kept.name(), target.name(), target.hosts(), manifest.rows()));
        if (withFiles && archive != null) {
            var name = UploadsArchive.beside(kept.name());
            try (var fetched = store.fetch(name, archive);
                    var plain = PlainFile.of(fetched, store.where(name), archive, identity, workbench)) {
                out.println("%,d files were put into %s."
                        .formatted(UploadsArchive.unpacked(plain.path(), settings.uploads()), settings.uploads()));
            }
        }
        return 0;
    }

    private static void describe(PrintWriter out, Kept kept, Manifest manifest, DatabaseUrl target, boolean missing) {
        out.println("%s, made %s by UrVote %s from PostgreSQL %s, %s:"
                .formatted(
                        kept.name(),
                        manifest.createdAt(),
                        manifest.urvoteVersion(),
                        manifest.serverVersion(),
                        ListBackups.proof(manifest)));
        out.println("  %,d rows of %d tables, versions %s"
                .formatted(manifest.rows(), manifest.tables().size(), manifest.schemaVersions()));
        out.println("would be restored into the %s database %s at %s. Nothing was changed: --yes does it."
                .formatted(missing ? "new" : "empty", target.name(), target.hosts()));
    }

    /// A database that was made for it goes again when it fails, unless others have come to it.
    private static void restore(
            Databases databases, Restoration restoration, Path dump, Manifest manifest, boolean missing)
            throws IOException, SQLException {
        var target = restoration.target();
        if (missing) {
            try {
                onServer(databases, target, "create database %s template template0 encoding 'UTF8'");
            } catch (SQLException e) {
                throw new Failed(
                        "The database %s at %s is missing, and %s may not make it (%s): have a superuser make it"
                                .formatted(target.name(), target.hosts(), target.user(), Sql.firstLine(e)),
                        e);
            }
        }
        try {
            restoration.from(dump, manifest);
        } catch (IOException | RuntimeException e) {
            if (missing) {
                try {
                    onServer(databases, target, "drop database %s");
                } catch (SQLException | Failed left) {
                    e.addSuppressed(left);
                    throw new Failed(
                            "%s; and the database %s is still there (%s): drop it"
                                    .formatted(
                                            e.getMessage(),
                                            target.name(),
                                            left instanceof SQLException sql ? Sql.firstLine(sql) : left.getMessage()),
                            e);
                }
            }
            throw e;
        }
    }

    private static void onServer(Databases databases, DatabaseUrl target, String sql) throws SQLException {
        try (var connection = databases.connect(target.named("postgres"))) {
            var name = Sql.client(connection)
                    .sql("select quote_ident(:name)")
                    .param("name", target.name())
                    .query(String.class)
                    .single();
            Sql.execute(connection, sql.formatted(name));
        }
    }

    private static boolean isMissing(DatabaseUrl target) {
        try (var _ = target.connect()) {
            return false;
        } catch (SQLException e) {
            if (NO_SUCH_DATABASE.equals(e.getSQLState())) {
                return true;
            }
            throw new Failed("The database at %s lets nobody in: %s".formatted(target.hosts(), Sql.firstLine(e)), e);
        }
    }

    private static DatabaseUrl url(CommandLine.Model.CommandSpec spec, String text) {
        try {
            return DatabaseUrl.parse(text);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--into must be postgresql://user:password@host:port/name", e);
        }
    }
}
