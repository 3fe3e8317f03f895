package rocks.urvote.operations;

import picocli.CommandLine;

@CommandLine.Command(name = "migrate", description = "Brings the database to what this version needs.")
final class Migrate implements Command {

    private final Shell shell;

    Migrate(Shell shell) {
        this.shell = shell;
    }

    @Override
    public int run(Beans beans) {
        var settings = shell.settings();
        Logs.toFile(settings.dataDir(), "commands.log");
        try (var database = Database.shared(settings, shell::progress)) {
            var login = new Migrations(database.url(), settings.appDatabaseUrl()).run(shell::progress);
            shell.out()
                    .println("The database at %s is up to date; UrVote logs in as %s."
                            .formatted(database.url().hosts(), login.user()));
            return 0;
        }
    }
}
