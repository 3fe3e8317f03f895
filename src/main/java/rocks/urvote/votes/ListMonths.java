package rocks.urvote.votes;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import rocks.urvote.operations.Beans;
import rocks.urvote.operations.Command;
import rocks.urvote.operations.OwnersDatabase;

@CommandLine.Command(
        name = "partitions",
        description = "Lists the months of votes: what they hold, where they are, and whether tallies equal a recount.")
final class ListMonths implements Command {

    private static final String LINE = "%-8s %-9s %12s %12s %10s  %s";

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    private record Report(List<Months.Holding> months, List<Recount.Difference> differences) {}

    @Override
    public int run(Beans beans) {
        var report = beans.get(OwnersDatabase.class)
                .inTransaction(
                        connection -> new Report(new Months(connection).all(), new Recount(connection).differences()));
        if (spec != null) {
            print(report, spec.commandLine().getOut());
        }
        return report.differences().isEmpty() ? 0 : 1;
    }

    private static void print(Report report, PrintWriter out) {
        out.println(LINE.formatted("month", "state", "votes", "ballots", "size", "contests"));
        for (var month : report.months()) {
            out.println(LINE.formatted(
                    month.month(),
                    month.state().name().toLowerCase(Locale.ROOT),
                    "%,d".formatted(month.rows().votes()),
                    "%,d".formatted(month.rows().ballots()),
                    "%,d kB".formatted(month.bytes() >> 10),
                    contests(month)));
        }
        if (report.differences().isEmpty()) {
            out.println("Tallies equal a recount.");
        }
        for (var song : report.differences()) {
            out.println("The tally of song %d is %,d, but a recount gives %,d."
                    .formatted(song.song(), song.tally(), song.recount()));
        }
    }

    private static String contests(Months.Holding month) {
        if (month.state() == Months.State.DETACHED) {
            return "at rest: may be archived or attached";
        }
        if (month.state() == Months.State.TORN) {
            return "one table is missing or in another state than the other";
        }
        if (month.needed()) {
            return "stays: may still receive votes";
        }
        return month.mayBeDetached()
                ? "may be detached"
                : "stays: %d open, %d closed less than 90 days ago".formatted(month.open(), month.closedLately());
    }
}
