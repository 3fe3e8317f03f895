package rocks.urvote.votes;

import java.time.YearMonth;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import rocks.urvote.operations.Beans;
import rocks.urvote.operations.Command;
import rocks.urvote.operations.OwnersDatabase;

@CommandLine.Command(
        name = "partitions detach",
        description = {
            "Takes a month of votes out of sight; its tables stay in the database, and what they count stays in the"
                    + " tallies.",
            "Only when all its contests have been closed for 90 days. Without --yes it says what it would do."
        })
final class DetachMonth implements Command {

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @CommandLine.Parameters(paramLabel = "YYYY-MM")
    private @Nullable YearMonth month;

    @CommandLine.Option(names = "--yes", description = "Do it.")
    private boolean yes;

    @Override
    public int run(Beans beans) {
        if (spec == null || month == null) {
            throw new IllegalStateException("A command is run by its command line");
        }
        var leaving = new Month(month);
        var owner = beans.get(OwnersDatabase.class);
        var out = spec.commandLine().getOut();
        if (yes) {
            owner.inTransaction(connection -> {
                new Months(connection).detach(leaving);
                return leaving;
            });
            out.println("%s is detached.".formatted(leaving));
        } else {
            Months.refuse(leaving, owner.inTransaction(connection -> new Months(connection).reasonsToStay(leaving)));
            out.println("%s would be detached. Nothing was changed: --yes does it.".formatted(leaving));
        }
        return 0;
    }
}
