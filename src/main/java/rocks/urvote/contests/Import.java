package rocks.urvote.contests;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import rocks.urvote.operations.Beans;
import rocks.urvote.operations.Command;

@CommandLine.Command(
        name = "import",
        description = {
            "Makes the clients and contests of a listing that are not here yet. Without --yes it says what it would"
                    + " do.",
            "The listing has the columns client_name, contest_name and is_active: a CSV file with a header, a table as"
                    + " psql prints it, or a database whose table contests has a name, is_active and its client in"
                    + " client_name, or by client_id in a table clients.",
            "New contests run from now for 30 days, with voting off until an owner sets the dates."
        })
final class Import implements Command {

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @CommandLine.Option(
            names = "--from",
            required = true,
            description = "A file, or postgresql://user:password@host/name")
    private String from = "";

    @CommandLine.Option(names = "--yes", description = "Do it.")
    private boolean yes;

    @Override
    public int run(Beans beans) {
        var listing = listing();
        if (!listing.complaints().isEmpty()) {
            listing.complaints().forEach(this::say);
            throw new Failed("Nothing was imported, as %d of the listing's fields %s not as they should be"
                    .formatted(listing.complaints().size(), listing.complaints().size() == 1 ? "is" : "are"));
        }
        var act = beans.get(ImportContests.class);
        var report = yes ? act.run(listing) : act.rehearse(listing);
        report.lines().forEach(this::say);
        say("%s: %d clients, %d contests. Repetitions merged: %d. There already: %d."
                .formatted(
                        yes ? "Made" : "Would be made",
                        report.clients(),
                        report.contests(),
                        report.repetitions(),
                        report.known()));
        if (!yes) {
            say("Nothing was changed: --yes does it.");
        }
        return 0;
    }

    private Listing listing() {
        if (from.startsWith("postgresql://") || from.startsWith("postgres://")) {
            return ForeignDatabase.at(from).listing();
        }
        try {
            return Listing.parse(Files.readString(Path.of(from), StandardCharsets.UTF_8));
        } catch (NoSuchFileException | InvalidPathException e) {
            throw new Failed("--from: there is no file %s".formatted(from), e);
        } catch (CharacterCodingException e) {
            throw new Failed("--from: %s is not written in UTF-8".formatted(from), e);
        } catch (IOException e) {
            throw new Failed("--from: %s cannot be read".formatted(from), e);
        }
    }

    private void say(String line) {
        if (spec != null) {
            spec.commandLine().getOut().println(line);
        }
    }
}
