package rocks.urvote.operations.backups;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rocks.urvote.kernel.Digest;
import rocks.urvote.operations.StoredFiles.StoredFile;

class UploadsArchiveTests {

    @TempDir
    Path uploads;

    /// One rotten song must not keep everybody else's votes out of the backup.
    @Test
    void leavesOutWhatIsGoneOrChangedAndSaysHowMany() throws IOException {
        var whole = stored("whole.mp3", "sound");
        var changed = stored("changed.mp3", "sound");
        var gone = stored("gone.mp3", "sound");
        Files.writeString(uploads.resolve("changed.mp3"), "noise");
        Files.delete(uploads.resolve("gone.mp3"));
        var archive = uploads.resolve("all.zip");

        long missing = UploadsArchive.write(List.of(changed, gone, whole), uploads, archive);

        assertThat(missing).isEqualTo(2);
        try (var zip = new ZipFile(archive.toFile())) {
            assertThat(zip.stream().map(ZipEntry::getName)).containsExactly("whole.mp3");
        }
    }

    private StoredFile stored(String name, String content) throws IOException {
        Files.writeString(uploads.resolve(name), content);
        return new StoredFile(name, content.length(), Digest.sha256Hex(content));
    }
}
