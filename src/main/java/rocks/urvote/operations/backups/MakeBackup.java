package rocks.urvote.operations.backups;

import java.io.IOException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import rocks.urvote.operations.Backups;
import rocks.urvote.operations.Beans;
import rocks.urvote.operations.Command;
import rocks.urvote.operations.Databases;

@CommandLine.Command(
        name = "backup",
        description = {
            "Writes the whole database, as it is at one instant, to a file where backups are kept, and proves it by a"
                    + " restore into a database of its own.",
            "Backups that are over their time are removed."
        })
final class MakeBackup implements Command {

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @CommandLine.Option(names = "--with-files", description = "Take the uploaded files along, in a zip beside it.")
    private boolean withFiles;

    @Override
    public int run(Beans beans) throws IOException {
        if (spec == null) {
            throw new IllegalStateException("A command is run by its command line");
        }
        var out = spec.commandLine().getOut();
        var done =
                new BackUp(beans.get(Databases.class), beans.get(Backups.class), Clock.systemUTC()).backUp(withFiles);
        var manifest = done.backup().manifest();
        if (manifest == null) {
            throw new IllegalStateException(done.backup() + " was made without a manifest");
        }
        out.println("%s holds %,d rows of %d tables in %,d kB%s."
                .formatted(
                        done.where(),
                        manifest.rows(),
                        manifest.tables().size(),
                        (manifest.file().size() + 1023) >> 10,
                        done.untried().isPresent() ? "" : ", and a restore has proved it"));
        var uploads = manifest.uploads();
        out.println("%,d uploaded files, %,d kB, %s%s"
                .formatted(
                        uploads.count(),
                        (uploads.bytes() + 1023) >> 10,
                        uploads.archive() == null
                                ? "are only named in it: --with-files takes them along."
                                : "lie beside it.",
                        uploads.missing() == 0
                                ? ""
                                : " %,d of them are not in the folder of uploads!".formatted(uploads.missing())));
        done.removed().forEach(kept -> out.println("%s was over its time and is gone.".formatted(kept.name())));
        if (done.untried().isPresent()) {
            throw new Failed("%s is not proved: %s"
                    .formatted(done.where(), done.untried().get()));
        }
        return 0;
    }
}
