package rocks.urvote.operations.backups;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import rocks.urvote.operations.Backups;
import rocks.urvote.operations.Beans;
import rocks.urvote.operations.Command;

@CommandLine.Command(name = "backups", description = "Lists the backups, the newest first, and whether each is proved.")
final class ListBackups implements Command {

    private static final String LINE = "%-28s %6s %12s %14s  %s";

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Override
    public int run(Beans beans) throws IOException {
        if (spec == null) {
            throw new IllegalStateException("A command is run by its command line");
        }
        var out = spec.commandLine().getOut();
        try (var store = BackupStore.of(beans.get(Backups.class))) {
            list(store, out);
        }
        return 0;
    }

    private static void list(BackupStore store, PrintWriter out) throws IOException {
        var all = store.all();
        if (all.isEmpty()) {
            out.println("There is no backup in %s yet.".formatted(store));
            return;
        }
        out.println(LINE.formatted("name", "age", "size", "rows", "proof"));
        for (var kept : all) {
            var manifest = kept.manifest();
            out.println(LINE.formatted(
                    kept.name(),
                    age(Duration.between(kept.createdAt(), Instant.now())),
                    manifest == null ? "?" : "%,d kB".formatted((manifest.file().size() + 1023) >> 10),
                    manifest == null ? "?" : "%,d".formatted(manifest.rows()),
                    proof(manifest)));
        }
    }

    static String proof(@Nullable Manifest manifest) {
        if (manifest == null) {
            return "its manifest is missing or no manifest";
        }
        var proof = manifest.proof();
        if (proof == null) {
            return "not proved yet: "
                    + (manifest.untried() == null ? "urvote backup verify does it" : manifest.untried());
        }
        return manifest.proved() ? "proved " + proof.provedAt() : "FAULTY: " + String.join("; ", proof.faults());
    }

    private static String age(Duration age) {
        return age.toDays() > 1
                ? age.toDays() + " d"
                : age.toHours() > 0 ? age.toHours() + " h" : Math.max(0, age.toMinutes()) + " min";
    }
}
