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
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import rocks.urvote.kernel.Digest;
import rocks.urvote.operations.Command;

/// The folder of backups. What is in it belongs to backups only by its name; a file of the right name is whole, because
/// it was written under another one, synced, and renamed.
final class BackupFolder {

    private static final Pattern NAME = Pattern.compile("urvote_([0-9]{8}_[0-9]{6})\\.dump");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMdd_HHmmss", Locale.ROOT);
    private static final FileAttribute<Set<PosixFilePermission>> OWNERS_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNERS_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path folder;

    BackupFolder(Path folder) {
        this.folder = folder;
    }

    /// The newest first.
    List<Kept> all() throws IOException {
        var all = new ArrayList<Kept>();
        try (var files = Files.newDirectoryStream(folder, "urvote_*.dump")) {
            for (var file : files) {
                var createdAt = timeOf(file);
                if (createdAt != null && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    all.add(new Kept(file, createdAt, manifest(file)));
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
        all.sort(Comparator.comparing(Kept::createdAt).reversed());
        return all;
    }

    /// By its name or the path of its file, the newest for none.
    Kept named(@Nullable String name) throws IOException {
        if (name == null) {
            return all().stream()
                    .findFirst()
                    .orElseThrow(() -> new Command.Failed("There is no backup in %s yet".formatted(folder)));
        }
        return at(name.contains("/") ? Path.of(name) : folder.resolve(name));
    }

    static Kept at(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new Command.Failed("There is no backup %s".formatted(file));
        }
        var manifest = Manifest.read(Manifest.beside(file));
        return new Kept(file, manifest.createdAt(), manifest);
    }

    /// Where a backup of this second goes; one that is there is never written over.
    Path next(Instant now) throws IOException {
        make(folder);
        for (var second = now.truncatedTo(ChronoUnit.SECONDS); ; second = second.plusSeconds(1)) {
            var file = folder.resolve(
                    "urvote_%s.dump".formatted(TIME.format(LocalDateTime.ofInstant(second, ZoneOffset.UTC))));
            if (!Files.exists(file) && !Files.exists(Manifest.beside(file))) {
                return file;
            }
        }
    }

    static void make(Path folder) throws IOException {
        Files.createDirectories(folder, OWNERS_FOLDER);
    }

    /// Beside the backup, under a name that is none of a backup's, for the user's eyes only.
    static Path arriving(Path file) throws IOException {
        var arriving = file.resolveSibling("." + file.getFileName() + ".arriving");
        Files.deleteIfExists(arriving);
        return Files.createFile(arriving, OWNERS_FILE);
    }

    /// What backups that were cut off have left behind. Only while no other is under way.
    void sweep() throws IOException {
        try (var files = Files.newDirectoryStream(folder, ".urvote_*.arriving")) {
            for (var file : files) {
                Files.deleteIfExists(file);
            }
        }
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

    static void write(Manifest manifest, Path dump) throws IOException {
        var file = Manifest.beside(dump);
        var arriving = arriving(file);
        Files.write(arriving, manifest.bytes());
        settle(arriving, file);
    }

    /// Its manifest last, so that what is left by half is seen.
    static void delete(Kept kept) throws IOException {
        if (timeOf(kept.file()) == null) {
            throw new IllegalArgumentException(kept.file() + " is not named like a backup");
        }
        Files.deleteIfExists(UploadsArchive.beside(kept.file()));
        Files.deleteIfExists(kept.file());
        Files.deleteIfExists(Manifest.beside(kept.file()));
    }

    static Manifest.Content content(Path file, @Nullable String recipient) throws IOException {
        return new Manifest.Content(Files.size(file), Digest.sha256Hex(file), recipient);
    }

    private static @Nullable Manifest manifest(Path dump) {
        try {
            return Manifest.read(Manifest.beside(dump));
        } catch (IOException | Command.Failed e) {
            return null;
        }
    }

    private static @Nullable Instant timeOf(Path dump) {
        var name = NAME.matcher(dump.getFileName().toString());
        try {
            return name.matches() ? LocalDateTime.parse(name.group(1), TIME).toInstant(ZoneOffset.UTC) : null;
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
