package rocks.urvote.operations.backups;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import rocks.urvote.operations.Command;

/// That a disk has room for what comes, before it comes: votes may be written to the same one.
///
/// @param reserve how many bytes stay free for everybody else
record Room(long reserve) {

    static final Room USUAL = new Room(512L << 20);

    /// There is not enough of it.
    static final class Lacking extends Command.Failed {

        private static final long serialVersionUID = 1;

        private Lacking(String message) {
            super(message);
        }
    }

    /// @param folder one that is there, on the disk in question
    void refuseUnlessThereIs(long bytes, Path folder, String what) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free - reserve < bytes) {
            throw new Lacking(
                    "There is no room for %s: it takes about %,d MB, %,d MB are to stay free for votes and others, and the disk of %s has %,d MB"
                            .formatted(what, megabytes(bytes), megabytes(reserve), folder, free >> 20));
        }
    }

    private static long megabytes(long bytes) {
        return (bytes + (1 << 20) - 1) >> 20;
    }
}
