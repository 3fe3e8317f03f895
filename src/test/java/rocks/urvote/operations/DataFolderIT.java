package rocks.urvote.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderIT {

    @TempDir
    private Path temp;

    @Test
    void isItsOwnersAloneWithItsLogs() throws IOException {
        var folder = temp.resolve("data");
        var log = folder.resolve("logs/urvote.log");

        DataFolder.makeLog(folder, log);

        assertThat(mode(folder)).isEqualTo(PostgresUser.isRoot() ? "rwx--x--x" : "rwx------");
        assertThat(mode(folder.resolve("logs"))).isEqualTo("rwx------");
        assertThat(mode(log)).isEqualTo("rw-------");
    }

    @Test
    void keepsTheModeItHas() throws IOException {
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-x---"));

        DataFolder.make(temp);

        assertThat(mode(temp)).isEqualTo("rwxr-x---");
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
