package rocks.urvote.operations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/// Makes the folder everything lies in, for its owner only. One that is there already keeps its mode.
///
/// Under root, PostgreSQL may have to run as somebody else: they may pass through the folder, but not look around.
final class DataFolder {

    private DataFolder() {}

    static Path make(Path folder) throws IOException {
        return Files.exists(folder)
                ? folder
                : Files.createDirectories(folder, mode(PostgresUser.isRoot() ? "rwx--x--x" : "rwx------"));
    }

    /// Makes the log with its folder before the first line is written to it. What it rolls over to lies in that folder.
    static void makeLog(Path dataDir, Path log) throws IOException {
        make(dataDir);
        var logs = dataDir.resolve("logs");
        if (!Files.exists(logs)) {
            Files.createDirectory(logs, mode("rwx------"));
        }
        if (!Files.exists(log)) {
            Files.createFile(log, mode("rw-------"));
        }
    }

    private static FileAttribute<?> mode(String mode) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
    }
}
