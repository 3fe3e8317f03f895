package rocks.urvote.operations.backups;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import rocks.urvote.operations.Backups;
import rocks.urvote.operations.Command;
import rocks.urvote.operations.Databases;
import rocks.urvote.operations.StoredFiles.StoredFile;

/// Makes a backup, proves it by a restore, and lets the old ones go.
record BackUp(Databases databases, Backups settings, Clock clock, Room room) {

    BackUp(Databases databases, Backups settings, Clock clock) {
        this(databases, settings, clock, Room.USUAL);
    }

    /// @param where   it is
    /// @param untried why no restore was tried; empty where one has proved it
    /// @param removed backups that were over their time
    record Done(Kept backup, String where, Optional<String> untried, List<Kept> removed) {}

    /// What is kept afterwards is whole, whether it could be proved or not; where a restore failed, this throws.
    Done backUp(boolean withFiles) throws IOException {
        try (var store = BackupStore.of(settings);
                var _ = Turn.take(databases)) {
            store.sweep(clock.instant());
            var name = store.next(clock.instant());
            workbench().sweep(clock.instant());
            ScratchDatabase.sweep(databases);
            var plain = settings.recipient().isPresent() ? workbench().arriving(name) : store.arriving(name);
            Manifest manifest;
            try {
                refuseWithoutRoom(plain, store);
                manifest = proved(plain, name, written(plain, name, withFiles, store), store);
            } finally {
                Files.deleteIfExists(plain);
            }
            if (!manifest.proved() && manifest.untried() == null) {
                throw new Command.Failed("%s is written, but a restore of it failed: %s"
                        .formatted(
                                store.where(name),
                                manifest.proof() == null
                                        ? "it is not known why"
                                        : String.join("; ", manifest.proof().faults())));
            }
            return new Done(
                    new Kept(name, manifest.createdAt(), manifest),
                    store.where(name),
                    Optional.ofNullable(manifest.untried()),
                    removed(store));
        } catch (SQLException e) {
            throw new Command.Failed("The database broke off: " + Sql.firstLine(e), e);
        }
    }

    private Workbench workbench() {
        return new Workbench(settings.work());
    }

    /// As large as the newest and a quarter more; half of the database where there is none yet.
    private void refuseWithoutRoom(Path plain, BackupStore store) throws IOException, SQLException {
        var newest = store.newest(clock.instant()).map(Kept::manifest);
        long expected = newest.isPresent() ? newest.get().file().size() * 5 / 4 : databaseBytes() / 2;
        room.refuseUnlessThereIs(expected, plain.resolveSibling("."), "a backup");
    }

    private long databaseBytes() throws SQLException {
        try (var connection = databases.connect(databases.own())) {
            return Sql.client(connection)
                    .sql("select pg_database_size(current_database())")
                    .query(Long.class)
                    .single();
        }
    }

    /// Kept whole under its name, with a manifest that tells of no proof yet. The dump itself stays in `plain`, or is
    /// the file that is kept.
    private Manifest written(Path plain, String name, boolean withFiles, BackupStore store)
            throws IOException, SQLException {
        var dumped = dumped(plain);
        var uploads = uploads(dumped.files(), withFiles ? UploadsArchive.beside(name) : null, store);
        var manifest = dumped.manifest(put(plain, name, store), uploads);
        store.write(manifest, name);
        return manifest;
    }

    /// What is known of a dump before it is kept.
    private record Dumped(
            Optional<PgTools> tools,
            Instant createdAt,
            String serverVersion,
            Map<String, String> versions,
            List<Manifest.Table> tables,
            List<Manifest.Sequence> sequences,
            List<StoredFile> files) {

        Manifest manifest(Manifest.Content file, Manifest.Uploads uploads) {
            return new Manifest(
                    tools.isPresent() ? Manifest.Format.PG_DUMP : Manifest.Format.COPY,
                    tools.map(each -> "pg_dump " + each.version()).orElse(null),
                    createdAt,
                    Optional.ofNullable(Databases.class.getPackage().getImplementationVersion())
                            .orElse("unknown"),
                    serverVersion,
                    versions,
                    tables,
                    sequences,
                    file,
                    uploads,
                    null,
                    null);
        }
    }

    private Dumped dumped(Path plain) throws IOException, SQLException {
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
            return new Dumped(
                    tools,
                    createdAt,
                    metadata.getDatabaseProductVersion(),
                    snapshot.catalogue().versions(),
                    snapshot.counted(),
                    sequences,
                    UploadsArchive.listed(databases, snapshot));
        }
    }

    /// By reference where there is no archive to write.
    private Manifest.Uploads uploads(List<StoredFile> files, @Nullable String archive, BackupStore store)
            throws IOException {
        long bytes = files.stream().mapToLong(StoredFile::size).sum();
        if (archive == null) {
            return new Manifest.Uploads(files.size(), bytes, UploadsArchive.missing(files, settings.uploads()), null);
        }
        var plain = settings.recipient().isPresent() ? workbench().arriving(archive) : store.arriving(archive);
        try {
            room.refuseUnlessThereIs(bytes, plain.resolveSibling("."), "the uploaded files");
            long missing = UploadsArchive.write(files, settings.uploads(), plain);
            return new Manifest.Uploads(files.size(), bytes, missing, put(plain, archive, store));
        } finally {
            Files.deleteIfExists(plain);
        }
    }

    private Manifest.Content put(Path plain, String name, BackupStore store) throws IOException {
        var recipient = settings.recipient();
        if (recipient.isEmpty()) {
            var content = BackupStore.content(plain, null);
            store.put(plain, name);
            return content;
        }
        var sealed = store.arriving(name + ".sealed");
        try {
            room.refuseUnlessThereIs(Files.size(plain), sealed.resolveSibling("."), "an encrypted copy");
            Encryption.encrypt(plain, sealed, recipient.get());
            var content = BackupStore.content(sealed, recipient.get());
            store.put(sealed, name);
            return content;
        } finally {
            Files.deleteIfExists(sealed);
        }
    }

    private Manifest proved(Path plain, String name, Manifest manifest, BackupStore store)
            throws IOException, SQLException {
        Manifest proved;
        try {
            if (Files.exists(plain)) {
                proved = manifest.proved(prove(plain, manifest));
            } else {
                try (var kept = store.fetch(name)) {
                    proved = manifest.proved(prove(kept.path(), manifest));
                }
            }
        } catch (Room.Lacking e) {
            proved = manifest.untried(String.valueOf(e.getMessage()));
        }
        store.write(proved, name);
        return proved;
    }

    /// Restores it into a database of its own, which is dropped again. Not where the disk could not hold it, as far as
    /// that can be seen.
    private Manifest.Outcome prove(Path plain, Manifest manifest) throws IOException, SQLException {
        if (databases.folder().isPresent()) {
            room.refuseUnlessThereIs(databaseBytes(), databases.folder().get(), "its proof");
        }
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

    /// Proves a backup once more and writes down what came of it.
    ///
    /// @param identity the private key of an encrypted one
    Kept verify(BackupStore store, Kept kept, @Nullable Path identity) throws IOException {
        var manifest = kept.manifest();
        if (manifest == null) {
            throw new Command.Failed("There is no manifest of %s, so nothing is known of it".formatted(kept.name()));
        }
        try (var _ = Turn.take(databases)) {
            var proved = manifest.proved(verified(store, kept.name(), manifest, identity));
            store.write(proved, kept.name());
            return new Kept(kept.name(), kept.createdAt(), proved);
        } catch (SQLException e) {
            throw new Command.Failed("The database broke off: " + Sql.firstLine(e), e);
        }
    }

    private Manifest.Outcome verified(BackupStore store, String name, Manifest manifest, @Nullable Path identity)
            throws IOException, SQLException {
        if (manifest.file().recipient() != null && identity == null) {
            throw PlainFile.refused(store.where(name), manifest.file());
        }
        PlainFile fetched;
        try {
            refuseDamagedArchive(store, name, manifest);
            fetched = store.fetch(name, manifest.file());
        } catch (Damaged e) {
            return new Manifest.Outcome(
                    clock.instant().truncatedTo(ChronoUnit.SECONDS), List.of(String.valueOf(e.getMessage())));
        }
        try (fetched;
                var plain = PlainFile.of(fetched, store.where(name), manifest.file(), identity, workbench())) {
            return prove(plain.path(), manifest);
        }
    }

    private static void refuseDamagedArchive(BackupStore store, String name, Manifest manifest) throws IOException {
        var archive = manifest.uploads().archive();
        if (archive != null) {
            store.fetch(UploadsArchive.beside(name), archive).close();
        }
    }

    private List<Kept> removed(BackupStore store) throws IOException {
        var over = new Retention(settings.days(), settings.months()).over(store.all(), clock.instant());
        for (var kept : over) {
            store.delete(kept);
        }
        return over;
    }
}
