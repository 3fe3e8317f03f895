package rocks.urvote.votes;

import java.time.YearMonth;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import rocks.urvote.operations.Backups;
import rocks.urvote.operations.Beans;
import rocks.urvote.operations.Command;
import rocks.urvote.operations.OwnersDatabase;

@CommandLine.Command(
        name = "partitions archive",
        description = {
            "Writes a month of votes to a file among the backups and removes its tables from the database, detaching"
                    + " them first.",
            "What it counts stays in the tallies. Without --yes it says what it would do."
        })
final class ArchiveMonth implements Command {

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
        var out = spec.commandLine().getOut();
        var owner = beans.get(OwnersDatabase.class);
        var folder = beans.get(Backups.class).folder();
        var archive = MonthArchive.next(folder, leaving);
        if (!yes) {
            owner.inTransaction(connection -> {
                var months = new Months(connection);
                if (months.state(leaving) != Months.State.DETACHED) {
                    Months.refuse(leaving, months.reasonsToStay(leaving));
                }
                return leaving;
            });
            out.println("%s would be written to %s and removed from the database. Nothing was changed: --yes does it."
                    .formatted(leaving, archive.file()));
            return 0;
        }
        var written = archive(owner, leaving, archive);
        out.println("%s is in %s: %,d votes and %,d ballots, read back and found whole."
                .formatted(
                        leaving,
                        archive.file(),
                        written.rows().votes(),
                        written.rows().ballots()));
        return 0;
    }

    /// In three transactions, so that voting waits for none of the writing; after each the month is somewhere whole.
    private static MonthArchive.Manifest archive(OwnersDatabase owner, Month leaving, MonthArchive archive) {
        owner.inTransaction(connection -> {
            var months = new Months(connection);
            months.hold();
            if (months.state(leaving) != Months.State.DETACHED) {
                months.detach(leaving);
            }
            return leaving;
        });
        var written = owner.inTransaction(connection -> {
            var months = new Months(connection);
            months.hold();
            months.mustBeDetached(leaving);
            Months.refuse(leaving, months.differences(leaving));
            return archive.write(connection, leaving);
        });
        owner.inTransaction(connection -> {
            var months = new Months(connection);
            months.hold();
            months.mustBeDetached(leaving);
            if (!months.rows(leaving).equals(written.rows())) {
                throw new Failed("%s changed while it was archived, and stays in the database".formatted(leaving));
            }
            months.drop(leaving);
            return leaving;
        });
        return written;
    }
}
