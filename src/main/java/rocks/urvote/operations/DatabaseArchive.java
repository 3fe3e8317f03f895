package rocks.urvote.operations;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/// Brings PostgreSQL and pgBackRest together, so that the database can be had as it was at any moment.
@CommandLine.Command(
        name = "database archive",
        description = {
            "Has PostgreSQL give its journal to pgBackRest, so that a restore to any moment is possible.",
            "Sets the server as its superuser; with --print, prints pgBackRest's configuration or the server's."
        })
final class DatabaseArchive implements Command {

    private static final String STANZA = "urvote";
    private static final String PGBACKREST = "pgbackrest";
    private static final String POSTGRESQL = "postgresql";
    private static final String PLAIN_PATH = "/[A-Za-z0-9._/-]*";

    private final Shell shell;

    @CommandLine.Option(
            names = "--print",
            arity = "0..1",
            fallbackValue = PGBACKREST,
            paramLabel = "of",
            description = "Print pgbackrest.conf, or with --print=postgresql a file for postgresql.conf to include, and"
                    + " change nothing.")
    private @Nullable String print;

    @CommandLine.Option(
            names = "--repository",
            defaultValue = "/var/lib/pgbackrest",
            description = "Where backups and journal are kept (${DEFAULT-VALUE}): a folder, or"
                    + " s3://bucket/prefix?endpoint=https://...&region=...")
    private String repository = "";

    @CommandLine.Option(
            names = "--config",
            description = "The file of pgBackRest's configuration, where it is not /etc/pgbackrest.conf or"
                    + " /etc/pgbackrest/pgbackrest.conf.")
    private @Nullable String config;

    @CommandLine.Option(
            names = "--data-directory",
            description = "The server's data folder; needed where this login may not see it.")
    private @Nullable String dataDirectory;

    @CommandLine.Option(
            names = "--keep",
            defaultValue = "2",
            description = "How many full backups are kept (${DEFAULT-VALUE}).")
    private int keep = 2;

    @CommandLine.Option(
            names = "--archive-timeout",
            defaultValue = "60s",
            description = "What may be lost at most with the server's disk (${DEFAULT-VALUE}).")
    private String timeout = "60s";

    DatabaseArchive(Shell shell) {
        this.shell = shell;
    }

    @Override
    public int run(Beans beans) throws SQLException {
        checkOptions();
        var settings = shell.settings();
        if (settings.databaseUrl().isEmpty()) {
            throw new Failed("URVOTE_DATABASE_URL must be the URL of a PostgreSQL of your own: pgBackRest does not know"
                    + " the embedded one, of which 'urvote backup' is the way");
        }
        Logs.toFile(settings.dataDir(), "commands.log");
        try (var database = Database.shared(settings, _ -> {});
                var connection = new Migrations(database.url(), Optional.empty()).connect()) {
            var server = new TunedServer(database.url(), connection);
            var plan = plan(server, connection.getMetaData().getDatabaseMajorVersion());
            var journal = server.now("wal_level").map(TunedServer.Now::setting).orElse("replica");
            if (print == null) {
                new ServerChange(server, connection, shell.out(), "urvote database archive --print=postgresql")
                        .make(plan.parameters(journal));
                shell.out().println("todo " + next());
            } else {
                shell.out().print(print.equals(PGBACKREST) ? plan.file() : plan.serverFile(journal));
            }
            shell.out().flush();
            return 0;
        }
    }

    private String next() {
        var file = config == null ? "/etc/pgbackrest.conf" : config;
        return "'urvote database archive --print' is for %s; then, as the server's user: pgbackrest --stanza=%s stanza-create, check, and --type=full backup (docs/recovery.md)"
                .formatted(file, STANZA);
    }

    private void checkOptions() {
        for (var path : new String[] {config, dataDirectory}) {
            if (path != null && !path.matches(PLAIN_PATH)) {
                throw new WrongUsage(
                        "--config and --data-directory must be absolute paths of letters, digits, '.', '_' and '-', not '%s'"
                                .formatted(path.replaceAll("\\p{Cntrl}", "?")));
            }
        }
        if (print != null && !print.equals(PGBACKREST) && !print.equals(POSTGRESQL)) {
            throw new WrongUsage("--print must be %s or %s, not '%s'"
                    .formatted(PGBACKREST, POSTGRESQL, print.replaceAll("\\p{Cntrl}", "?")));
        }
        if (keep < 1 || keep > 999) {
            throw new WrongUsage("--keep must be a whole number from 1 to 999, not %d".formatted(keep));
        }
        if (!timeout.matches("[1-9][0-9]{0,3}s") || seconds() > 3600) {
            throw new WrongUsage("--archive-timeout must be a time from 1s to 3600s, not '%s'"
                    .formatted(timeout.replaceAll("\\p{Cntrl}", "?")));
        }
        if (!isRepository()) {
            throw new WrongUsage(
                    "--repository must be an absolute path of letters, digits, '.', '_' and '-', or s3://bucket/prefix"
                            + " with an https endpoint, as pgBackRest speaks no other");
        }
    }

    private boolean isRepository() {
        if (!BucketUrl.is(repository)) {
            return repository.matches(PLAIN_PATH);
        }
        try {
            return BucketUrl.parse(repository)
                    .endpoint()
                    .map(uri -> "https".equals(uri.getScheme()))
                    .orElse(true);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private int seconds() {
        return Integer.parseInt(timeout.substring(0, timeout.length() - 1));
    }

    private PgBackRest plan(TunedServer server, int major) {
        var here = server.processHere().isPresent();
        return new PgBackRest(
                STANZA,
                data(server, major),
                server.now("port").map(port -> Integer.parseInt(port.setting())).orElse(5432),
                server.now("unix_socket_directories")
                        .flatMap(folders -> Arrays.stream(folders.setting().split(",", -1))
                                .map(String::strip)
                                .filter(folder -> folder.startsWith("/"))
                                .findFirst())
                        .map(Path::of),
                here ? Math.max(1, Runtime.getRuntime().availableProcessors() / 2) : 1,
                repository,
                Optional.ofNullable(config).map(Path::of),
                keep,
                seconds());
    }

    /// Only superusers may see it: for others, where the distributions have it.
    private Path data(TunedServer server, int major) {
        if (dataDirectory != null) {
            return Path.of(dataDirectory);
        }
        return server.now("data_directory")
                .map(now -> Path.of(now.setting()))
                .or(() -> Stream.of(
                                "/var/lib/postgresql/%d/main".formatted(major),
                                "/var/lib/pgsql/%d/data".formatted(major),
                                "/var/lib/pgsql/data")
                        .map(Path::of)
                        .filter(Files::exists)
                        .findFirst())
                .orElseThrow(() -> new Failed("This login may not see where the server's data are: say it with"
                        + " --data-directory /var/lib/postgresql/%d/main".formatted(major)));
    }
}
