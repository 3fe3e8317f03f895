package rocks.urvote.audit;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import rocks.urvote.operations.Beans;
import rocks.urvote.operations.Command;

@CommandLine.Command(
        name = "audit verify",
        description = {
            "Compares every line of the audit log with its seal, and the seals with those this machine saw.",
            "Exit code 1 when something was changed, removed or added by hand."
        })
final class VerifyLog implements Command {

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @CommandLine.Option(
            names = "--accept",
            description = "From now on expect the seals the database has, as after a backup was restored.")
    private boolean accept;

    @Override
    public int run(Beans beans) {
        var proof = beans.get(ProveLog.class);
        if (accept) {
            proof.accept();
        }
        var faults = proof.faults();
        if (spec != null) {
            var out = spec.commandLine().getOut();
            for (var service : Log.SERVICES) {
                var extent = proof.extent(service);
                out.println("%s: %,d lines under %,d seals".formatted(service, extent.lines(), extent.seals()));
            }
            out.println(
                    faults.isEmpty()
                            ? "Every one of them is as it was when it was sealed."
                            : "The log was tampered with:");
            faults.forEach(out::println);
        }
        return faults.isEmpty() ? 0 : 1;
    }
}
