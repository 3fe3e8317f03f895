package rocks.urvote.operations;

import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;

/// The chores at the shell: what each would do, and with `--yes` whatever is due or has something to do, now.
@CommandLine.Command(
        name = "maintain",
        description = "Says what is due of the routine work, beside a running UrVote or without; does it with --yes.")
final class Maintain implements Command {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Shell shell;

    @CommandLine.Option(names = "--yes", description = "Do it.")
    private boolean yes;

    @CommandLine.Option(names = "--all", description = "What is not due, too.")
    private boolean all;

    Maintain(Shell shell) {
        this.shell = shell;
    }

    @Override
    public int run(Beans beans) throws SQLException {
        var chores = beans.get(Chores.class);
        var failed = new ArrayList<String>();
        for (var entry : chores.entries()) {
            var chore = chores.named(entry.chore()).orElseThrow();
            var wanted = all || chores.isDue(chore);
            List<String> plan;
            try {
                plan = chore.plan();
            } catch (Exception e) {
                failed.add(chore.name());
                line("FAIL", chore.name(), "it cannot be told what there is to do: " + Chores.reason(e));
                continue;
            }
            if (yes && (wanted || !plan.isEmpty())) {
                if (!done(chores, chore)) {
                    failed.add(chore.name());
                }
            } else if (wanted) {
                line("due ", chore.name(), "%s; %s".formatted(entry.schedule(), last(entry)));
            } else {
                line(
                        plan.isEmpty() ? "    " : "todo",
                        chore.name(),
                        "%s; %s; next %s".formatted(entry.schedule(), last(entry), TIME.format(entry.due())));
            }
            if (!yes) {
                plan.forEach(sentence -> line("    ", "", sentence));
            }
        }
        if (!yes) {
            out().println();
            out().println("Nothing was done. --yes does what is due or has something to do, --all --yes everything.");
        } else if (!failed.isEmpty()) {
            out().println();
            out().println("Failed: " + String.join(", ", failed));
        }
        out().flush();
        return failed.isEmpty() ? 0 : 1;
    }

    private boolean done(Chores chores, Chore chore) throws SQLException {
        var run = chores.doUnlessAnotherNodeDoes(chore, false);
        if (run.isEmpty()) {
            line("ok  ", chore.name(), "another node is at it");
            return true;
        }
        boolean well = run.get().outcome() == ChoreBook.Outcome.DONE;
        line(well ? "ok  " : "FAIL", chore.name(), run.get().note());
        return well;
    }

    private static String last(ChoreBook.Entry entry) {
        return entry.lastDone()
                        .map(run -> "last done %s in %s"
                                .formatted(
                                        TIME.format(run.startedAt()),
                                        words(run.took().orElse(Duration.ZERO))))
                        .orElse("never done yet")
                + (entry.failures() > 0 ? ", failed %d times since".formatted(entry.failures()) : "");
    }

    private static String words(Duration took) {
        return took.toSeconds() < 60 ? "%.1f s".formatted(took.toMillis() / 1e3) : "%d min".formatted(took.toMinutes());
    }

    private void line(String mark, String what, String how) {
        out().println("%s %-44s %s".formatted(mark, what, how).stripTrailing());
        out().flush();
    }

    private PrintWriter out() {
        return shell.out();
    }
}
