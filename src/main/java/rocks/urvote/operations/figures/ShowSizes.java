package rocks.urvote.operations.figures;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import rocks.urvote.operations.Beans;
import rocks.urvote.operations.Command;
import rocks.urvote.operations.Premises;

@CommandLine.Command(
        name = "sizes",
        description = {
            "Says how large the tables, indexes and months are, what they grow by, and in how many days the disk is"
                    + " full;",
            "what a user, a song and a vote take; which statements cost most, which indexes nobody uses, and who waits."
        })
final class ShowSizes implements Command {

    private static final String TABLE = "%-32s %12s %9s %9s %9s %8s %10s %6s  %s";
    private static final String MONTH = "%-32s %12s %9s %9s %9s %6s";
    private static final String ESTIMATE = "%-32s %12s %12s %12s %12s %12s";
    private static final String STATEMENT = "%10s %10s %10s %8s  %-40s %s";

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @CommandLine.Option(
            names = "--statements",
            defaultValue = "10",
            description = "How many of the costliest statements, at most 50 (${DEFAULT-VALUE}).")
    private int statements = 10;

    @Override
    public int run(Beans beans) {
        if (spec == null) {
            throw new IllegalStateException("A command is run by its command line");
        }
        var out = spec.commandLine().getOut();
        var report = Figures.of(beans.get(Premises.class)).now();
        head(report.sizes(), report.volumes(), out);
        if (report.sizes().locked()) {
            out.println();
            out.println(
                    "How large the tables are cannot be measured while somebody has locked one; who waits is below.");
        } else {
            tables(report.sizes(), out);
            months(report.sizes().months(), out);
            estimates(report.sizes().estimates(), out);
            unused(report.sizes(), out);
        }
        statements(report.statements(), statements, out);
        activity(report.activity(), out);
        report.replica()
                .ifPresent(replica -> out.println(
                        switch (replica) {
                            case Replica.Following(long bytes, Duration lag) ->
                                "replica: %s behind, %.1f s".formatted(Bytes.text(bytes), lag.toMillis() / 1000.0);
                            case Replica.Away(String why) -> "replica: " + why;
                        }));
        out.println("backups: "
                + report.backups()
                        .doubt()
                        .orElseGet(() -> "the newest is proved, of "
                                + report.backups().newest().orElseThrow()));
        out.flush();
        return 0;
    }

    private static void head(Sizes sizes, List<Volume> volumes, PrintWriter out) {
        out.println("%s: %s, PostgreSQL %s%s"
                .formatted(sizes.database(), Bytes.text(sizes.bytes()), sizes.server(), growth(sizes)));
        for (var volume : volumes) {
            var full = volume.fullInDays();
            out.println("disk of %s: %s of %s free in %s%s"
                    .formatted(
                            volume.name(),
                            Bytes.text(volume.free()),
                            Bytes.text(volume.bytes()),
                            volume.folder(),
                            full.isPresent() ? ", full in %,d days at this growth".formatted(full.getAsLong()) : ""));
        }
    }

    private static String growth(Sizes sizes) {
        var growth = sizes.bytesADay();
        return growth.isEmpty()
                ? "; its growth is known a day after the first 'urvote serve'"
                : ", %s a day".formatted(signed(growth.getAsLong()));
    }

    private static void tables(Sizes sizes, PrintWriter out) {
        out.println();
        out.println(
                TABLE.formatted("table", "rows", "table", "indexes", "all", "a row", "a day", "dead", "last vacuum"));
        for (var table : sizes.tables()) {
            var aRow = table.bytesARow();
            var aDay = table.bytesADay();
            out.println(TABLE.formatted(
                            table.fullName(),
                            "%,d".formatted(table.rows()),
                            Bytes.text(table.tableBytes()),
                            Bytes.text(table.indexBytes()),
                            Bytes.text(table.bytes()),
                            aRow == null ? "" : Bytes.text(aRow),
                            aDay == null ? "" : signed(aDay),
                            table.deadPercent() + " %",
                            table.vacuumedAt() == null ? "never" : table.vacuumedAt())
                    .stripTrailing());
        }
    }

    private static void months(List<Sizes.Month> months, PrintWriter out) {
        out.println();
        out.println(MONTH.formatted("month", "rows", "table", "indexes", "all", "dead"));
        for (var month : months) {
            out.println(MONTH.formatted(
                    month.schema() + "." + month.name(),
                    "%,d".formatted(month.rows()),
                    Bytes.text(month.tableBytes()),
                    Bytes.text(month.indexBytes()),
                    Bytes.text(month.bytes()),
                    "%,d".formatted(month.deadRows())));
        }
    }

    private static void estimates(List<Sizes.Estimate> estimates, PrintWriter out) {
        out.println();
        out.println(ESTIMATE.formatted("", "rows", "planned/row", "real/row", "planned", "real"));
        for (var estimate : estimates) {
            var aRow = estimate.bytesARow();
            out.println(ESTIMATE.formatted(
                    estimate.what(),
                    "%,d".formatted(estimate.rows()),
                    "%,d B".formatted(estimate.planned()),
                    aRow == null ? "" : "%,d B".formatted(aRow),
                    Bytes.text(estimate.plannedBytes()),
                    Bytes.text(estimate.bytes())));
        }
    }

    private static void unused(Sizes sizes, PrintWriter out) {
        out.println();
        out.println("indexes that no statement has used%s: %s"
                .formatted(
                        sizes.countedSince() == null ? "" : " since " + sizes.countedSince(),
                        sizes.unused().isEmpty() ? "none" : ""));
        for (var index : sizes.unused()) {
            out.println("  %-42s %9s  on %s.%s"
                    .formatted(index.name(), Bytes.text(index.bytes()), index.schema(), index.table()));
        }
    }

    private static void statements(Statements statements, int most, PrintWriter out) {
        out.println();
        switch (statements) {
            case Statements.NotCounted(String todo) -> out.println("statements: " + todo);
            case Statements.Counted(List<Statements.Statement> counted) -> {
                out.println(STATEMENT.formatted("ms in all", "calls", "ms each", "longest", "from", "statement"));
                for (var each : counted.subList(0, Math.clamp(most, 0, counted.size()))) {
                    var text = each.text();
                    out.println(STATEMENT.formatted(
                            "%,.0f".formatted(millis(each.all())),
                            "%,d".formatted(each.calls()),
                            "%,.2f".formatted(millis(each.mean())),
                            "%,.0f".formatted(millis(each.longest())),
                            each.origin().isEmpty() ? "-" : each.origin(),
                            text.length() > 80 ? text.substring(0, 80) + " ..." : text));
                }
            }
        }
    }

    private static double millis(Duration time) {
        return time.toNanos() / 1e6;
    }

    private static void activity(Activity activity, PrintWriter out) {
        out.println();
        out.println("connections: %d of %d (%s)"
                .formatted(
                        activity.used(),
                        activity.room(),
                        activity.connections().entrySet().stream()
                                .map(each -> "%d %s".formatted(each.getValue(), each.getKey()))
                                .collect(Collectors.joining(", "))));
        out.println("longest transaction: %.1f s, waiting for a lock: %d"
                .formatted(
                        activity.longestTransaction().toMillis() / 1000.0,
                        activity.waiting().size()));
        for (var waiting : activity.waiting()) {
            out.println("  %d (%s) waits %.1f s for %s: %s"
                    .formatted(
                            waiting.process(),
                            waiting.who(),
                            waiting.waits().toMillis() / 1000.0,
                            waiting.behind(),
                            waiting.statement().replaceAll("\\s+", " ").strip()));
        }
        if (activity.replicas() > 0) {
            out.println("replicas that follow: %d".formatted(activity.replicas()));
        }
    }

    private static String signed(long bytes) {
        return (bytes < 0 ? "" : "+") + Bytes.text(bytes);
    }
}
