package rocks.urvote.operations.backups;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import rocks.urvote.operations.Backups;
import rocks.urvote.operations.Beans;
import rocks.urvote.operations.Command;
import rocks.urvote.operations.Databases;

@CommandLine.Command(
        name = "backup verify",
        description = {
            "Proves a backup again: its file is the one that was written, and a restore of it into a database of its"
                    + " own has every row.",
            "What comes of it is written into its manifest."
        })
final class VerifyBackup implements Command {

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @CommandLine.Parameters(
            paramLabel = "name",
            arity = "0..1",
            description =
                    "urvote_YYYYMMDD_HHMMSS.dump, where backups are kept, or with its path, or s3://bucket/... The"
                            + " newest without it.")
    private @Nullable String name;

    @CommandLine.Option(names = "--identity", description = "The file of age's private key, for an encrypted one.")
    private @Nullable Path identity;

    @Override
    public int run(Beans beans) throws IOException {
        if (spec == null) {
            throw new IllegalStateException("A command is run by its command line");
        }
        var settings = beans.get(Backups.class);
        try (var store = BackupStore.holding(settings, name)) {
            var kept = store.named(BackupStore.name(name), Instant.now());
            var proved =
                    new BackUp(beans.get(Databases.class), settings, Clock.systemUTC()).verify(store, kept, identity);
            var manifest = proved.manifest();
            if (manifest == null || manifest.proof() == null) {
                throw new IllegalStateException(proved + " was proved without a word");
            }
            if (!manifest.proved()) {
                throw new Failed("%s is no backup to rely on: %s"
                        .formatted(
                                kept.name(), String.join("; ", manifest.proof().faults())));
            }
            spec.commandLine()
                    .getOut()
                    .println("%s is whole: a restore has all its %,d rows.".formatted(kept.name(), manifest.rows()));
        }
        return 0;
    }
}
