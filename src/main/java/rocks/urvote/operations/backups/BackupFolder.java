package rocks.urvote.operations.backups;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// The folder of backups. A file of the right name is whole, because it was written under another one, synced, and
/// renamed.
record BackupFolder(Path folder) implements BackupStore {

    private static final FileAttribute<Set<PosixFilePermission>> OWNERS_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNERS_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    @Override
    public List<String> names() throws IOException {
        var names = new ArrayList<String>();
        try (var files = Files.newDirectoryStream(folder, "urvote_*.dump")) {
            for (var file : files) {
                var name = file.getFileName().toString();
                if (BackupStore.timeOf(name) != null && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    names.add(name);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
        names.sort(Comparator.reverseOrder());
        return names;
    }

    @Override
    public boolean has(String name) {
        return Files.isRegularFile(folder.resolve(name));
    }

    @Override
    public Manifest manifest(String name) throws IOException {
        return Manifest.read(Manifest.beside(folder.resolve(name)));
    }

    @Override
    public String where(String name) {
        return folder.resolve(name).toString();
    }

    @Override
    public long size(String name) throws IOException {
        return Files.size(folder.resolve(name));
    }

    @Override
    public PlainFile fetch(String name) {
        return new PlainFile(folder.resolve(name), false);
    }

    @Override
    public boolean isHere() {
        return true;
    }

    @Override
    public Path arriving(String name) throws IOException {
        make(folder);
        return arriving(folder.resolve(name));
    }

    @Override
    public void put(Path arrived, String name) throws IOException {
        settle(arrived, folder.resolve(name));
    }

    @Override
    public void write(Manifest manifest, String name) throws IOException {
        var file = Manifest.beside(folder.resolve(name));
        var arriving = arriving(file);
        Files.write(arriving, manifest.bytes());
        settle(arriving, file);
    }

    /// Its manifest last, so that what is left by half is seen.
    @Override
    public void delete(Kept kept) throws IOException {
        if (BackupStore.timeOf(kept.name()) == null) {
            throw new IllegalArgumentException(kept.name() + " is not named like a backup");
        }
        var file = folder.resolve(kept.name());
        Files.deleteIfExists(UploadsArchive.beside(file));
        Files.deleteIfExists(file);
        Files.deleteIfExists(Manifest.beside(file));
    }

    @Override
    public void sweep(Instant now) throws IOException {
        new Workbench(folder).sweep(now);
        try (var files = Files.newDirectoryStream(folder, "urvote_*.files.zip")) {
            for (var file : files) {
                if (isLeft(file, now)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return;
        }
    }

    /// Uploaded files that were kept a moment before their dump, which never came.
    private boolean isLeft(Path archive, Instant now) throws IOException {
        var dump = UploadsArchive.dumpOf(archive.getFileName().toString());
        return BackupStore.timeOf(dump) != null
                && Files.isRegularFile(archive, LinkOption.NOFOLLOW_LINKS)
                && !Files.exists(folder.resolve(dump), LinkOption.NOFOLLOW_LINKS)
                && Files.getLastModifiedTime(archive).toInstant().isBefore(now.minus(LEFT));
    }

    static void make(Path folder) throws IOException {
        Files.createDirectories(folder, OWNERS_FOLDER);
    }

    /// Beside the file, under a name that is none of a backup's, for the user's eyes only.
    static Path arriving(Path file) throws IOException {
        var arriving = file.resolveSibling("." + file.getFileName() + ".arriving");
        Files.deleteIfExists(arriving);
        return Files.createFile(arriving, OWNERS_FILE);
    }

    /// Gives a file that is written its name, once it and the name are on the disk.
    static void settle(Path arrived, Path file) throws IOException {
        try (var channel = FileChannel.open(arrived, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(arrived, file, StandardCopyOption.ATOMIC_MOVE);
        try (var directory = FileChannel.open(file.toAbsolutePath().resolveSibling("."))) {
            directory.force(true);
        }
    }

    @Override
    public void close() {
        // A folder is not held open.
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
