package rocks.urvote.media;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/// The uploads folder on disk: `YYYY/MM/` for what is kept, `temp/` for what is arriving, `processed/` for what was
/// made from it. Only the user the program runs as may read what is in it.
@Component
final class Folder {

    private static final FileAttribute<Set<PosixFilePermission>> OWNERS_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNERS_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /// As the constraint `a_path_stays_in_its_folder` has it: no path leads up or out.
    private static final Pattern KEPT = Pattern.compile("[0-9]{4}/[0-9]{2}/[A-Za-z0-9_-]+\\.[a-z0-9]+");

    private final SecureRandom random = new SecureRandom();
    private final Path root;
    private final Path arriving;
    private final Path processed;

    Folder(MediaSettings settings) {
        root = settings.folder();
        arriving = root.resolve("temp");
        processed = root.resolve("processed");
        try {
            make(arriving);
            make(processed);
        } catch (IOException e) {
            throw new UncheckedIOException("URVOTE_UPLOADS must be a folder that can be written to: " + root, e);
        }
    }

    Path arriving() {
        return arriving;
    }

    /// Bytes of its disk that are not taken.
    long free() throws IOException {
        return Files.getFileStore(root).getUsableSpace();
    }

    String newName() {
        var name = new byte[16];
        random.nextBytes(name);
        return HexFormat.of().formatHex(name);
    }

    /// A new, empty file in `temp/`, open for writing.
    FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNERS_FILE);
    }

    /// Moves a whole file to its place, so that it is there after a power failure too.
    void keep(Path arrived, String path) throws IOException {
        move(arrived, locate(path));
    }

    Path locate(String path) {
        if (!KEPT.matcher(path).matches()) {
            throw new IllegalArgumentException("A kept file lies at YYYY/MM/<name>, not at '%s'".formatted(path));
        }
        return root.resolve(path);
    }

    /// Where something made from a kept file lies.
    Path made(String path, String what) {
        var _ = locate(path);
        return processed.resolve(path + "." + what);
    }

    void keepMade(Path arrived, String path, String what) throws IOException {
        move(arrived, made(path, what));
    }

    private void move(Path file, Path to) throws IOException {
        var folder = to.getParent();
        if (folder == null) {
            throw new IllegalArgumentException("There is no folder for " + to);
        }
        make(folder);
        Files.move(file, to, StandardCopyOption.ATOMIC_MOVE);
        try (var open = FileChannel.open(folder, StandardOpenOption.READ)) {
            open.force(true);
        }
    }

    private static void make(Path folder) throws IOException {
        try {
            Files.createDirectories(folder, OWNERS_FOLDER);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
    }
}
