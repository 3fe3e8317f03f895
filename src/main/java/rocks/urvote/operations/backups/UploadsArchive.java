package rocks.urvote.operations.backups;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import rocks.urvote.kernel.Digest;
import rocks.urvote.operations.Command;
import rocks.urvote.operations.Databases;
import rocks.urvote.operations.StoredFiles;
import rocks.urvote.operations.StoredFiles.StoredFile;

/// The files that the rows of a backup refer to: counted and looked for, or taken along in a zip beside it.
final class UploadsArchive {

    private UploadsArchive() {}

    /// `urvote_20261125_030000.files.zip` for `urvote_20261125_030000.dump`
    static Path beside(Path dump) {
        return dump.resolveSibling(beside(dump.getFileName().toString()));
    }

    static String beside(String dump) {
        return dump.replaceFirst("\\.dump$", "") + ".files.zip";
    }

    /// `urvote_20261125_030000.dump` for `urvote_20261125_030000.files.zip`, and for itself
    static String dumpOf(String name) {
        return name.replaceFirst("\\.files\\.zip$", ".dump");
    }

    static List<StoredFile> listed(Databases databases, Snapshot snapshot) throws SQLException {
        var files = new ArrayList<StoredFile>();
        for (var stored : databases.parts(StoredFiles.class)) {
            files.addAll(stored.in(snapshot.connection()));
        }
        return files;
    }

    static long missing(List<StoredFile> files, Path uploads) {
        return files.stream().filter(file -> !isThere(file, uploads)).count();
    }

    private static boolean isThere(StoredFile file, Path uploads) {
        try {
            return Files.size(uploads.resolve(file.path())) == file.size();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isWhole(StoredFile file, Path uploads) throws IOException {
        return isThere(file, uploads)
                && Digest.sha256Hex(uploads.resolve(file.path())).equals(file.sha256());
    }

    /// Each file as it was stored, or not at all: one that changed is as missing as one that is gone. Gives how many
    /// are missing.
    static long write(List<StoredFile> files, Path uploads, Path archive) throws IOException {
        long missing = 0;
        try (var zip = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(archive), 1 << 16))) {
            zip.setLevel(Deflater.NO_COMPRESSION);
            for (var file : files) {
                if (!isWhole(file, uploads)) {
                    missing++;
                    continue;
                }
                zip.putNextEntry(new ZipEntry(file.path()));
                Files.copy(uploads.resolve(file.path()), zip);
                zip.closeEntry();
            }
        }
        return missing;
    }

    /// Puts the files of an archive into a folder of uploads; what is there already stays.
    static long unpacked(Path archive, Path uploads) throws IOException {
        long put = 0;
        try (var zip = new ZipFile(archive.toFile())) {
            for (var entry : Collections.list(zip.entries())) {
                var file = uploads.resolve(entry.getName()).normalize();
                if (!file.startsWith(uploads)) {
                    throw new Command.Failed("%s in %s leads out of its folder".formatted(entry.getName(), archive));
                }
                if (Files.exists(file)) {
                    continue;
                }
                BackupFolder.make(file.resolveSibling("."));
                var arriving = BackupFolder.arriving(file);
                try (var bytes = zip.getInputStream(entry);
                        var out = Files.newOutputStream(arriving)) {
                    bytes.transferTo(out);
                }
                BackupFolder.settle(arriving, file);
                put++;
            }
        }
        return put;
    }
}
