package rocks.urvote.votes;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import rocks.urvote.operations.Beans;
import rocks.urvote.operations.Command;
import rocks.urvote.operations.OwnersDatabase;

@CommandLine.Command(
        name = "partitions attach",
        description = {
            "Puts a detached month of votes back, or one from its archive.",
            "Only when it counts for each song what was remembered of it. Without --yes it says what it would do."
        })
final class AttachMonth implements Command {

    private static final Pattern MONTH = Pattern.compile("[0-9]{4}-(0[1-9]|1[0-2])");

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @CommandLine.Parameters(paramLabel = "YYYY-MM or file")
    private String what = "";

    @CommandLine.Option(names = "--yes", description = "Do it.")
    private boolean yes;

    @Override
    public int run(Beans beans) {
        if (spec == null) {
            throw new IllegalStateException("A command is run by its command line");
        }
        var out = spec.commandLine().getOut();
        var month = MONTH.matcher(what).matches()
                ? detached(beans, new Month(YearMonth.parse(what)))
                : archived(beans, new MonthArchive(file()));
        out.println(
                yes
                        ? "%s is attached.".formatted(month)
                        : "%s would be attached. Nothing was changed: --yes does it.".formatted(month));
        return 0;
    }

    private Month detached(Beans beans, Month month) {
        return beans.get(OwnersDatabase.class).inTransaction(connection -> {
            var months = new Months(connection);
            if (yes) {
                months.attach(month);
            } else {
                months.mustBeDetached(month);
                Months.refuse(month, months.differences(month));
            }
            return month;
        });
    }

    private Month archived(Beans beans, MonthArchive archive) {
        return beans.get(OwnersDatabase.class).inTransaction(connection -> {
            var months = new Months(connection);
            var manifest = archive.read();
            var month = archive.month(manifest);
            if (yes) {
                months.make(month);
                archive.load(connection, manifest);
                months.attach(month);
            } else {
                months.mustBeAbsent(month);
            }
            return month;
        });
    }

    private Path file() {
        var file = Path.of(what);
        if (!Files.isRegularFile(file)) {
            throw new Failed("%s is neither a month like 2027-01 nor a file".formatted(what));
        }
        return file;
    }
}
