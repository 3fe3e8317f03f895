package rocks.urvote.operations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import rocks.urvote.operations.tuning.Disk;
import rocks.urvote.operations.tuning.Machine;
import rocks.urvote.operations.tuning.Needs;
import rocks.urvote.operations.tuning.Server;
import rocks.urvote.operations.tuning.Tuning;

/// Works out what PostgreSQL should be told on its machine, and tells it, prints it, or compares.
@CommandLine.Command(name = "database tune", description = "Sets PostgreSQL to its machine: memory, processors, disk.")
final class DatabaseTune implements Command {

    private static final int PROCESSORS_UNKNOWN = 2;

    private final Shell shell;

    @CommandLine.ArgGroup(exclusive = true)
    private @Nullable Instead instead;

    static final class Instead {

        @CommandLine.Option(
                names = "--print",
                description = "Print a file for postgresql.conf to include, and change nothing.")
        private boolean print;

        @CommandLine.Option(
                names = "--check",
                description = "Compare the running server: exit code 1 when something differs that matters.")
        private boolean check;
    }

    @CommandLine.Option(
            names = "--memory",
            description = "What the database's server has, like 8GB; needed where it is another machine than this.")
    private @Nullable String memory;

    @CommandLine.Option(names = "--cores", description = "Its processors.")
    private @Nullable Integer cores;

    @CommandLine.Option(names = "--disk", description = "What it has: ssd or hdd.")
    private @Nullable String disk;

    @CommandLine.Option(
            names = "--nodes",
            defaultValue = "1",
            description = "UrVotes that use the database (${DEFAULT-VALUE}).")
    private int nodes = 1;

    DatabaseTune(Shell shell) {
        this.shell = shell;
    }

    @Override
    public int run(Beans beans) throws SQLException {
        checkOptions();
        var settings = shell.settings();
        if (instead != null && instead.print && noDatabaseYet(settings)) {
            var machine = machine(OptionalLong.of(ProcessHandle.current().pid()), settings.dataDir());
            shell.out()
                    .print(Tuning.of(machine, needs(settings), Server.unknown()).file(machine));
            shell.out().flush();
            return 0;
        }
        Logs.toFile(settings.dataDir(), "commands.log");
        try (var database = Database.shared(settings, _ -> {});
                var connection = new Migrations(database.url(), Optional.empty()).connect()) {
            var server = new TunedServer(database.url(), connection);
            var machine = machine(server.processHere(), server.dataDirectory());
            var tuning = Tuning.of(machine, needs(settings), server.facts());
            if (instead == null) {
                return apply(tuning, server, machine, connection);
            }
            if (instead.check) {
                return check(tuning, server, machine);
            }
            shell.out().print(tuning.file(machine));
            shell.out().flush();
            return 0;
        }
    }

    private void checkOptions() {
        if (memory != null && Machine.memory(memory).isEmpty()) {
            throw new WrongUsage("--memory must be a size of at least 256MB, like 512MB or 8GB, not '%s'"
                    .formatted(memory.replaceAll("\\p{Cntrl}", "?")));
        }
        if (disk != null && !disk.equals("ssd") && !disk.equals("hdd")) {
            throw new WrongUsage("--disk must be ssd or hdd, not '%s'".formatted(disk.replaceAll("\\p{Cntrl}", "?")));
        }
        if (cores != null && (cores < 1 || cores > 1024)) {
            throw new WrongUsage("--cores must be a whole number from 1 to 1024, not %d".formatted(cores));
        }
        if (nodes < 1 || nodes > 100) {
            throw new WrongUsage("--nodes must be a whole number from 1 to 100, not %d".formatted(nodes));
        }
    }

    private static boolean noDatabaseYet(Settings settings) {
        return settings.databaseUrl().isEmpty()
                && !Files.exists(settings.dataDir().resolve("postgres/data"));
    }

    private Needs needs(Settings settings) {
        return new Needs(nodes, settings.number(Setting.POOL_MAX), settings.number(Setting.VOTE_WRITERS));
    }

    /// What was told, else what can be read here.
    private Machine machine(OptionalLong processHere, Path dataDirectory) {
        var kind = Optional.ofNullable(disk).map(text -> text.equals("ssd") ? Disk.SSD : Disk.HDD);
        if (memory != null) {
            return Machine.told(
                    Machine.memory(memory).getAsLong(),
                    Optional.ofNullable(cores).orElse(PROCESSORS_UNKNOWN),
                    kind.orElse(Disk.SSD));
        }
        if (processHere.isEmpty()) {
            throw new Failed(
                    "The database runs on another machine than this: say what that has with --memory 8GB, and --cores"
                            + " 4 and --disk hdd where it is so");
        }
        try {
            var here = Machine.here(processHere.getAsLong(), dataDirectory);
            return new Machine(
                    here.memory(),
                    Optional.ofNullable(cores).orElse(here.cores()),
                    kind.orElse(here.disk()),
                    here.free(),
                    here.shared(),
                    kind.isPresent() ? List.of() : here.remarks());
        } catch (IOException e) {
            throw new Failed(
                    "This machine does not tell what it has (%s): say it with --memory 8GB".formatted(e.getMessage()),
                    e);
        }
    }

    private int apply(Tuning tuning, TunedServer server, Machine machine, Connection connection) throws SQLException {
        about(machine);
        new ServerChange(server, connection, shell.out(), "urvote database tune --print").make(tuning.parameters());
        return 0;
    }

    private int check(Tuning tuning, TunedServer server, Machine machine) {
        about(machine);
        boolean differs = false;
        for (var parameter : tuning.parameters()) {
            var now = server.now(parameter.name());
            if (now.isEmpty()) {
                tell(
                        "warn",
                        "%s cannot be seen by this login; should be %s: %s"
                                .formatted(parameter.name(), parameter.value(), parameter.reason()));
            } else if (parameter.accepts(now.get().setting(), now.get().unit())) {
                tell("ok  ", "%s = %s".formatted(parameter.name(), now.get().shown()));
            } else {
                differs |= parameter.matters();
                tell(
                        parameter.matters() ? "FAIL" : "warn",
                        "%s = %s, should be %s%s: %s"
                                .formatted(
                                        parameter.name(),
                                        now.get().shown(),
                                        parameter.value(),
                                        now.get().pending() ? " (set, but only a restart brings it)" : "",
                                        parameter.reason()));
            }
        }
        if (!server.checksums()) {
            tell(
                    "warn",
                    "data_checksums = off: a disk that forgets goes unseen; 'pg_checksums --enable' while it is"
                            + " stopped");
        }
        return differs ? 1 : 0;
    }

    private void about(Machine machine) {
        shell.out().println("  For a machine with %s".formatted(machine.text()));
        machine.remarks().forEach(remark -> shell.out().println("  Note: " + remark));
    }

    private void tell(String mark, String what) {
        shell.out().println(mark + " " + what);
        shell.out().flush();
    }
}
