package rocks.urvote.operations.backups;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import rocks.urvote.operations.Backups;
import rocks.urvote.operations.Command;
import rocks.urvote.operations.Databases;
import rocks.urvote.operations.StoredFiles.StoredFile;

/// Makes a backup, proves it by a restore, and lets the old ones go.
record BackUp(Databases databases, Backups settings, Clock clock) {

    /// @param removed backups that were over their time
    record Done(Kept backup, List<Kept> removed) {}

    /// What is in the folder afterwards is whole, whether it could be proved or not; where it could not, this throws.
    Done backUp(boolean withFiles) throws IOException {
        try (var _ = Turn.take(databases)) {
            var folder = new BackupFolder(settings.folder());
            var file = folder.next(clock.instant());
            folder.sweep();
            ScratchDatabase.sweep(databases);
            var plain = BackupFolder.arriving(file);
            Manifest manifest;
            try {
                manifest = proved(plain, file, written(plain, file, withFiles));
            } finally {
                Files.deleteIfExists(plain);
            }
            if (!manifest.proved()) {
                throw new Command.Failed("%s is written, but a restore of it failed: %s"
                        .formatted(
                                file,
                                manifest.proof() == null
                                        ? "it is not known why"
                                        : String.join("; ", manifest.proof().faults())));
            }
            return new Done(new Kept(file, manifest.createdAt(), manifest), removed(folder));
        } catch (SQLException e) {
            throw new Command.Failed("The database broke off: " + Sql.firstLine(e), e);
        }
    }

    /// Whole under its own name, with a manifest that tells of no proof yet. What is in `plain` stays there only where
    /// it is encrypted.
    private Manifest written(Path plain, Path file, boolean withFiles) throws IOException, SQLException {
        var recipient = settings.recipient();
        try (var snapshot = Snapshot.take(databases)) {
            var createdAt = clock.instant().truncatedTo(ChronoUnit.SECONDS);
            var metadata = snapshot.connection().getMetaData();
            var sequences = snapshot.catalogue().sequences();
            var tools = PgTools.forServer(metadata.getDatabaseMajorVersion(), settings.tools());
            if (tools.isPresent()) {
                tools.get().dump(databases.own(), snapshot.export(), plain);
            } else {
                CopyDump.write(snapshot, plain);
            }
            var tables = snapshot.counted();
            var versions = snapshot.catalogue().versions();
            var files = UploadsArchive.listed(databases, snapshot);
            var uploads = uploads(files, withFiles ? UploadsArchive.beside(file) : null);
            var content = put(plain, file, recipient);
            var manifest = new Manifest(
                    tools.isPresent() ? Manifest.Format.PG_DUMP : Manifest.Format.COPY,
                    tools.map(each -> "pg_dump " + each.version()).orElse(null),
                    createdAt,
                    Optional.ofNullable(Databases.class.getPackage().getImplementationVersion())
                            .orElse("unknown"),
                    metadata.getDatabaseProductVersion(),
                    versions,
                    tables,
                    sequences,
                    content,
                    uploads,
                    null);
            BackupFolder.write(manifest, file);
            return manifest;
        }
    }

    /// By reference where there is no archive to write.
    private Manifest.Uploads uploads(List<StoredFile> files, @Nullable Path archive) throws IOException {
        long bytes = files.stream().mapToLong(StoredFile::size).sum();
        if (archive == null) {
            return new Manifest.Uploads(files.size(), bytes, UploadsArchive.missing(files, settings.uploads()), null);
        }
        var plain = BackupFolder.arriving(archive);
        try {
            long missing = UploadsArchive.write(files, settings.uploads(), plain);
            return new Manifest.Uploads(files.size(), bytes, missing, put(plain, archive, settings.recipient()));
        } finally {
            Files.deleteIfExists(plain);
        }
    }

    private static Manifest.Content put(Path plain, Path file, Optional<String> recipient) throws IOException {
        if (recipient.isEmpty()) {
            var content = BackupFolder.content(plain, null);
            BackupFolder.settle(plain, file);
            return content;
        }
        var sealed = BackupFolder.arriving(file.resolveSibling(file.getFileName() + ".sealed"));
        try {
            Encryption.encrypt(plain, sealed, recipient.get());
            var content = BackupFolder.content(sealed, recipient.get());
            BackupFolder.settle(sealed, file);
            return content;
        } finally {
            Files.deleteIfExists(sealed);
        }
    }

    private Manifest proved(Path plain, Path file, Manifest manifest) throws IOException, SQLException {
        var proved = manifest.proved(prove(Files.exists(plain) ? plain : file, manifest));
        BackupFolder.write(proved, file);
        return proved;
    }

    /// Restores it into a database of its own, which is dropped again.
    private Manifest.Outcome prove(Path plain, Manifest manifest) throws IOException, SQLException {
        var faults = new ArrayList<String>();
        try (var scratch = ScratchDatabase.make(databases)) {
            try {
                new Restoration(databases, scratch.url(), settings.tools(), true).from(plain, manifest);
            } catch (Command.Failed e) {
                faults.add(String.valueOf(e.getMessage()));
            }
        }
        return new Manifest.Outcome(clock.instant().truncatedTo(ChronoUnit.SECONDS), faults);
    }

    /// Proves a backup of the folder once more and writes down what came of it.
    ///
    /// @param identity the private key of an encrypted one
    Kept verify(Kept kept, @Nullable Path identity) throws IOException {
        var manifest = manifest(kept);
        try (var _ = Turn.take(databases)) {
            var outcome = verified(kept.file(), manifest, identity);
            var proved = manifest.proved(outcome);
            BackupFolder.write(proved, kept.file());
            return new Kept(kept.file(), kept.createdAt(), proved);
        } catch (SQLException e) {
            throw new Command.Failed("The database broke off: " + Sql.firstLine(e), e);
        }
    }

    private Manifest.Outcome verified(Path file, Manifest manifest, @Nullable Path identity)
            throws IOException, SQLException {
        try {
            refuseDamage(file, manifest);
        } catch (Command.Failed e) {
            return new Manifest.Outcome(
                    clock.instant().truncatedTo(ChronoUnit.SECONDS), List.of(String.valueOf(e.getMessage())));
        }
        try (var plain = PlainFile.of(file, manifest.file(), identity)) {
            return prove(plain.path(), manifest);
        }
    }

    private static Manifest manifest(Kept kept) {
        if (kept.manifest() == null) {
            throw new Command.Failed("There is no manifest of %s, so nothing is known of it".formatted(kept.name()));
        }
        return kept.manifest();
    }

    static void refuseDamage(Path file, Manifest manifest) throws IOException {
        refuseDamage(file, manifest.file());
        var archive = manifest.uploads().archive();
        if (archive != null) {
            refuseDamage(UploadsArchive.beside(file), archive);
        }
    }

    private static void refuseDamage(Path file, Manifest.Content content) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new Command.Failed("%s is missing".formatted(file));
        }
        if (Files.size(file) != content.size()) {
            throw new Command.Failed("%s is not the file its manifest is of: it has %,d bytes, not %,d"
                    .formatted(file, Files.size(file), content.size()));
        }
        if (!BackupFolder.content(file, null).sha256().equals(content.sha256())) {
            throw new Command.Failed(
                    "%s is not the file its manifest is of, or is damaged: its SHA-256 is another".formatted(file));
        }
    }

    private List<Kept> removed(BackupFolder folder) throws IOException {
        var over = new Retention(settings.days(), settings.months()).over(folder.all(), clock.instant());
        for (var kept : over) {
            BackupFolder.delete(kept);
        }
        return over;
    }
}
