package rocks.urvote.operations.backups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static rocks.urvote.operations.backups.BackupStage.everything;
import static rocks.urvote.operations.backups.BackupStage.execute;
import static rocks.urvote.operations.backups.BackupStage.missing;
import static rocks.urvote.operations.backups.BackupStage.rows;
import static rocks.urvote.operations.backups.BackupStage.surroundings;

import com.exceptionfactory.jagged.x25519.X25519KeyPairGenerator;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rocks.urvote.contests.ContestId;
import rocks.urvote.operations.DatabaseUrl;
import rocks.urvote.operations.TestDatabases;
import rocks.urvote.songs.SongId;
import rocks.urvote.testkit.DebianPostgres;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;

/// Backups are made beside a UrVote that serves, proved, and restored.
class BackupIT {

    @TempDir
    static Path shared;

    static RunningUrVote urvote;
    static Stage stage;
    static ContestId open;
    static SongId song;

    /// Of the whole demo and some odd rows, for those who only look at it.
    static Path standing;

    static Map<String, String> whatItHolds;

    @TempDir
    Path folder;

    BackupStage here;

    @BeforeAll
    static void serve() throws Exception {
        urvote = RunningUrVote.start(Map.of("URVOTE_MODE", "demo", "URVOTE_VOTES_PER_VOTER", "1000000"));
        stage = new Stage(urvote);
        open = stage.contest();
        song = stage.song(open, "Now");
        assertThat(vote(song)).isEqualTo(201);
        BackupStage.odd(stage, urvote.databaseUrl());
        whatItHolds = everything(urvote.databaseUrl());
        standing = new BackupStage(shared, urvote.databaseUrl()).backUp();
    }

    @AfterAll
    static void stop() {
        urvote.close();
    }

    @BeforeEach
    void atTheCommandLine() {
        here = new BackupStage(folder, urvote.databaseUrl());
    }

    private static int vote(SongId song) {
        return stage.voter()
                .postWith("/api/v1/songs/%d/votes".formatted(song.value()), "")
                .status();
    }

    @Test
    void bringsEveryRowBackWithAllThatStandsAroundIt() throws Exception {
        var around = surroundings(urvote.databaseUrl());
        var into = missing(urvote.databaseUrl());

        assertThat(here.run("restore", standing.toString(), "--into", into, "--yes"))
                .as(here.output)
                .isZero();

        assertThat(whatItHolds.values()).anyMatch(rows -> rows.startsWith("1000 "));
        assertThat(everything(into)).isEqualTo(whatItHolds);
        assertThat(surroundings(into)).isEqualTo(around);
        assertThat(rows(into, "select name from contest.unguarded_tables")).isEmpty();
        assertThat(rows(urvote.databaseUrl(), "select datname from pg_database where datname like 'urvote_proof%'"))
                .isEmpty();
        try (var again = RunningUrVote.start(Map.of("URVOTE_DATABASE_URL", into, "URVOTE_BACKUP_HOUR", "3"))) {
            assertThat(again.bean(DailyBackup.class).name()).isEqualTo("daily backup");
            var there = new Stage(again);
            assertThat(there.voter()
                            .postWith("/api/v1/songs/%d/votes".formatted(song.value()), "")
                            .status())
                    .isEqualTo(201);
            assertThat(there.song(there.contest(), "Later").value()).isGreaterThan(song.value());
        }
    }

    @Test
    void bringsTheTablesOfAnOlderUrVoteUpToDate() throws Exception {
        var older = missing(urvote.databaseUrl());
        var into = missing(urvote.databaseUrl());
        execute(urvote.databaseUrl(), "create database " + older.substring(older.lastIndexOf('/') + 1));
        var databases = TestDatabases.of(older);
        databases.migrateTo(Map.of("identity", "2", "media", "2", "contest", "4"), databases.own());
        execute(
                older,
                "insert into contest.clients (slug, name) values ('old', 'Old')",
                "insert into contest.event_publication (id, listener_id, event_type, serialized_event,"
                        + " publication_date) values (gen_random_uuid(), 'a', 'b', 'c', now())");
        here.with("URVOTE_DATABASE_URL", older);

        var backup = here.backUp();
        assertThat(here.run("restore", backup.toString(), "--into", into, "--yes"))
                .as(here.output)
                .isZero();

        assertThat(rows(into, "select slug from contest.clients")).containsExactly("old");
        assertThat(rows(into, "select song_id from contest.archived_tallies")).isEmpty();
        assertThat(rows(into, "select name from contest.unguarded_tables")).isEmpty();
        assertThat(Manifest.read(Manifest.beside(backup)).schemaVersions()).containsEntry("contest", "4");
    }

    @Test
    void onlySaysWhatItWouldDoWithoutYes() {
        var into = missing(urvote.databaseUrl());

        assertThat(here.run("restore", standing.toString(), "--into", into)).isZero();

        assertThat(here.output).contains("would be restored into the new database", "--yes does it", ", proved ");
        assertThat(rows(urvote.databaseUrl(), "select datname from pg_database"))
                .doesNotContain(into.substring(into.lastIndexOf('/') + 1));
    }

    @Test
    void restoresIntoNoDatabaseThatHoldsSomething() {
        assertThat(here.run("restore", standing.toString(), "--into", urvote.databaseUrl(), "--yes"))
                .isEqualTo(1);
        assertThat(here.output).contains("is not empty (contest.");

        var other = missing(urvote.databaseUrl());
        execute(urvote.databaseUrl(), "create database " + other.substring(other.lastIndexOf('/') + 1));
        execute(other, "create table notes (text text)");
        assertThat(here.run("restore", standing.toString(), "--into", other)).isEqualTo(1);
        assertThat(here.output).contains("is not empty (public.notes)");
        assertThat(here.run("restore", standing.toString(), "--into", "mysql://nowhere"))
                .isEqualTo(2);
        assertThat(here.output).contains("--into must be postgresql://");
    }

    @Test
    void makesNoBackupByARoleThatPoliciesHideRowsFrom() throws IOException {
        execute(urvote.databaseUrl(), "alter role urvote_backup nobypassrls");
        try {
            assertThat(here.run("backup")).isEqualTo(1);

            assertThat(here.output).contains("does not see every row", "alter role urvote_backup bypassrls");
            try (var files = Files.list(here.backups())) {
                assertThat(files).isEmpty();
            }
        } finally {
            execute(urvote.databaseUrl(), "alter role urvote_backup bypassrls");
        }
    }

    /// Whoever found the new database before the restore failed has it for theirs.
    @Test
    void dropsNoDatabaseThatSomebodyCameToWhenARestoreFails() throws Exception {
        var backup = copyOfStanding();
        try (var zip = FileSystems.newFileSystem(URI.create("jar:" + backup.toUri()), Map.of())) {
            Files.write(zip.getPath("identity.audit_log.copy"), new byte[0]);
        }
        withChecksumOf(backup);
        var into = missing(urvote.databaseUrl());
        var guest = CompletableFuture.supplyAsync(() -> arrive(into), Thread::startVirtualThread);

        assertThat(here.run("restore", backup.toString(), "--into", into, "--yes"))
                .isEqualTo(1);

        assertThat(here.output)
                .contains("identity.audit_log has 0 rows, not the", "the database restored_", "is still there (");
        try (var connection = guest.join()) {
            assertThat(connection.isValid(5)).isTrue();
        }
    }

    /// As soon as it is there, and to stay.
    private static Connection arrive(String databaseUrl) {
        return await().pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .until(() -> DatabaseUrl.parse(databaseUrl).connect(), Objects::nonNull);
    }

    @Test
    void catchesABackupWithoutTheRowsItShouldHaveOrWithOthers() throws Exception {
        var backup = copyOfStanding();
        try (var zip = FileSystems.newFileSystem(URI.create("jar:" + backup.toUri()), Map.of())) {
            Files.write(zip.getPath("identity.audit_log.copy"), new byte[0]);
            var users = zip.getPath("identity.users.copy");
            var text = Files.readString(users);
            Files.writeString(users, text.replaceFirst("stage-owner\t", "stage-0wner\t"));
            assertThat(Files.readString(users)).isNotEqualTo(text);
        }
        withChecksumOf(backup);

        assertThat(here.run("backup", "verify")).isEqualTo(1);

        assertThat(here.output)
                .contains(
                        "is no backup to rely on",
                        "identity.audit_log has 0 rows, not the",
                        "identity.users has other rows than those that were backed up");
        assertThat(here.run("backups")).isZero();
        assertThat(here.output).contains("FAULTY: ");
        assertThat(here.run("check")).isZero();
        assertThat(here.output).contains("warn backups: the newest, ", "FAULTY");
        var into = missing(urvote.databaseUrl());
        assertThat(here.run("restore", backup.toString(), "--into", into, "--yes"))
                .isEqualTo(1);
        assertThat(here.output).contains("is not kept");
        assertThat(rows(urvote.databaseUrl(), "select datname from pg_database"))
                .doesNotContain(into.substring(into.lastIndexOf('/') + 1));
    }

    @Test
    void takesNoFileThatIsDamagedOrNotItsManifests() throws Exception {
        var backup = copyOfStanding();
        var bytes = Files.readAllBytes(backup);
        bytes[bytes.length / 2] ^= 1;
        Files.write(backup, bytes);
        assertThat(here.run("backup", "verify", backup.toString())).isEqualTo(1);
        assertThat(here.output).contains("is damaged: its SHA-256 is another");
        assertThat(here.run("restore", backup.toString(), "--into", missing(urvote.databaseUrl()), "--yes"))
                .isEqualTo(1);
        assertThat(here.output).contains("is damaged");

        Files.write(backup, new byte[] {0}, StandardOpenOption.APPEND);
        assertThat(here.run("restore", backup.toString(), "--into", missing(urvote.databaseUrl())))
                .isEqualTo(1);
        assertThat(here.output).contains("is not the file its manifest is of");

        Files.writeString(Manifest.beside(backup), "{\"format\": \"COPY\"}");
        assertThat(here.run("restore", backup.toString(), "--into", missing(urvote.databaseUrl())))
                .isEqualTo(1);
        assertThat(here.output).contains("is no manifest of a backup");
        Files.delete(Manifest.beside(backup));
        assertThat(here.run("backup", "verify", backup.toString())).isEqualTo(1);
        assertThat(here.output).contains("There is no manifest");
        assertThat(here.run("backups")).isZero();
        assertThat(here.output).contains("its manifest is missing");
    }

    @Test
    void refusesVersionsItDoesNotKnowAndNamesThatAreMoreThanNames() throws Exception {
        var backup = copyOfStanding();
        var manifest = Manifest.beside(backup);
        var text = Files.readString(manifest);
        var into = missing(urvote.databaseUrl());

        Files.writeString(manifest, text.replaceFirst("\"contest\" : \"[0-9.]+\"", "\"contest\" : \"999\""));
        assertThat(here.run("restore", backup.toString(), "--into", into, "--yes"))
                .isEqualTo(1);
        assertThat(here.output).contains("This UrVote knows no version 999 of the tables of contest");

        Files.writeString(manifest, text.replace("\"identity.users\"", "\"identity.users; drop table x\""));
        assertThat(here.run("restore", backup.toString(), "--into", into, "--yes"))
                .isEqualTo(1);
        assertThat(here.output).contains("is no manifest of a backup");
    }

    @Test
    void makesNeverTwoAtOnce() throws Exception {
        try (var _ = Turn.take(TestDatabases.of(urvote.databaseUrl()))) {
            assertThat(here.run("backup")).isEqualTo(1);

            assertThat(here.output)
                    .contains("Another backup of this database is under way: urvote backup on ")
                    .contains("process %d".formatted(ProcessHandle.current().pid()));
        }
    }

    @Test
    void provesThatTalliesEqualARecount() throws Exception {
        execute(urvote.databaseUrl(), "update contest.song_tallies set n = n + 1 where song_id = " + song.value());
        try {
            assertThat(here.run("backup")).isEqualTo(1);

            assertThat(here.output).contains("the tally of song %d is ".formatted(song.value()));
            var kept = new BackupFolder(here.backups()).all().getFirst();
            assertThat(kept.proved()).isFalse();
            var faulty = here.backups().resolve(kept.name());
            assertLeavesItToOthers(faulty, made(missing(urvote.databaseUrl())));
            assertTakesNothingOf(faulty, standing, made(missing(urvote.databaseUrl())));
        } finally {
            execute(urvote.databaseUrl(), "update contest.song_tallies set n = n - 1 where song_id = " + song.value());
        }
    }

    /// Into a database that was there, and empty: afterwards it is empty again, and a whole one can be restored.
    private void assertTakesNothingOf(Path faulty, Path whole, String into) {
        assertThat(here.run("restore", faulty.toString(), "--into", into, "--yes"))
                .isEqualTo(1);
        assertThat(here.output).doesNotContain("is not empty", "still holds it");
        assertThat(rows(into, "select nspname from pg_namespace where nspname in ('identity', 'media', 'contest')"))
                .isEmpty();
        assertThat(here.run("restore", whole.toString(), "--into", into, "--yes"))
                .as(here.output)
                .isZero();
    }

    /// Somebody else came into the empty database meanwhile, with a restore or a node of their own.
    private void assertLeavesItToOthers(Path faulty, String into) throws SQLException {
        try (var _ = DatabaseUrl.parse(into).connect()) {
            assertThat(here.run("restore", faulty.toString(), "--into", into, "--yes"))
                    .isEqualTo(1);
        }
        assertThat(here.output).contains("still holds it (others are connected to it");
        assertThat(rows(into, "select nspname from pg_namespace where nspname in ('identity', 'media', 'contest')"))
                .hasSize(3);
    }

    private static String made(String database) {
        execute(
                database.substring(0, database.lastIndexOf('/') + 1) + "postgres",
                "create database " + database.substring(database.lastIndexOf('/') + 1));
        return database;
    }

    @Test
    void keepsNothingOfWhatItsToolsBroughtBackWithOtherRows() throws Exception {
        assumeTrue(DebianPostgres.isHere(), "Debian's PostgreSQL 15 is not on this machine");
        here.with("URVOTE_DATABASE_URL", DebianPostgres.freshDatabase());
        assertThat(here.run("migrate")).as(here.output).isZero();
        var whole = here.backUp();
        var faulty = Files.copy(whole, here.backups().resolve("urvote_20200101_000000.dump"));
        Files.writeString(
                Manifest.beside(faulty),
                Files.readString(Manifest.beside(whole)).replaceFirst("\"rows\" : ([1-9])", "\"rows\" : 1$1"));

        assertTakesNothingOf(faulty, whole, DebianPostgres.freshDatabase());

        assertThat(Manifest.read(Manifest.beside(whole)).format()).isEqualTo(Manifest.Format.PG_DUMP);
    }

    @Test
    void isMadeProvedAndRestoredByAnOwnerWhoIsNoSuperuser() throws Exception {
        var keeper = Stage.unique("keeper");
        execute(
                urvote.databaseUrl(),
                "create role %s login createdb password 'kept safe'".formatted(keeper),
                "grant urvote_owner, urvote_backup to " + keeper);
        var own = BackupStage.as(urvote.databaseUrl(), keeper, "kept%20safe");
        here.with("URVOTE_DATABASE_URL", own);
        var into = missing(own);

        var backup = here.backUp();
        assertThat(here.run("restore", backup.toString(), "--into", into, "--yes"))
                .as(here.output)
                .isZero();

        var asSuperuser = urvote.databaseUrl().substring(0, urvote.databaseUrl().lastIndexOf('/'))
                + into.substring(into.lastIndexOf('/'));
        assertThat(everything(asSuperuser)).isEqualTo(everything(urvote.databaseUrl()));

        execute(urvote.databaseUrl(), "alter role %s nocreatedb".formatted(keeper));
        assertThat(here.run("backup")).isEqualTo(1);
        assertThat(here.output).contains("have a superuser 'alter role %s createdb'".formatted(keeper));
        execute(urvote.databaseUrl(), "revoke urvote_backup from " + keeper);
        assertThat(here.run("backup")).isEqualTo(1);
        assertThat(here.output).contains("have a superuser 'grant urvote_backup to %s'".formatted(keeper));
    }

    @Test
    void takesTheFilesAlongAndIsReadOnlyByWhoHasThePrivateKey() throws Exception {
        var keys = new X25519KeyPairGenerator().generateKeyPair();
        var recipient = new String(keys.getPublic().getEncoded(), StandardCharsets.US_ASCII);
        var identity = Files.write(folder.resolve("key.txt"), keys.getPrivate().getEncoded());
        var others = Files.write(
                folder.resolve("others.txt"),
                new X25519KeyPairGenerator().generateKeyPair().getPrivate().getEncoded());
        var uploads = urvote.dataDir().resolve("uploads");
        var elsewhere = folder.resolve("elsewhere");
        here.with("URVOTE_BACKUP_RECIPIENT", recipient).with("URVOTE_UPLOADS", uploads.toString());
        var into = missing(urvote.databaseUrl());

        var backup = here.backUp("--with-files");

        assertThat(here.output).contains("lie beside it").doesNotContain("are not in the folder");
        for (var sealed : List.of(backup, UploadsArchive.beside(backup))) {
            assertThat(Files.readString(sealed, StandardCharsets.ISO_8859_1)).startsWith("age-encryption.org/v1\n");
        }
        assertThat(here.run("restore", backup.toString(), "--into", into, "--yes"))
                .isEqualTo(1);
        assertThat(here.output).contains("is encrypted for " + recipient);
        assertThat(here.run("backup", "verify", "--identity", others.toString()))
                .isEqualTo(1);
        assertThat(here.output).contains("does not open with the key in");

        here.with("URVOTE_UPLOADS", elsewhere.toString());
        assertThat(here.run(
                        "restore",
                        backup.toString(),
                        "--into",
                        into,
                        "--with-files",
                        "--identity",
                        identity.toString(),
                        "--yes"))
                .as(here.output)
                .isZero();

        assertThat(everything(into)).isEqualTo(everything(urvote.databaseUrl()));
        assertThat(rows(into, "select path from media.files"))
                .isNotEmpty()
                .allSatisfy(path -> assertThat(elsewhere.resolve(path)).hasSameBinaryContentAs(uploads.resolve(path)));
        try (var files = Files.list(here.backups())) {
            assertThat(files).hasSize(3);
        }
        assertThat(here.run("restore", standing.toString(), "--into", missing(into), "--with-files"))
                .isEqualTo(1);
        assertThat(here.output).contains("was made without --with-files");
    }

    @Test
    void isMadeOnceADayWhileVotingGoesOnAndLetsOldOnesGoButNothingElse() throws Exception {
        var clock = new SetClock(Instant.parse("2026-11-25T03:05:00Z"));
        var settings = here.settings(Optional.empty(), 2, 0);
        var backUp = new BackUp(TestDatabases.of(urvote.databaseUrl()), settings, clock);
        var daily = new DailyBackup(backUp, 3);
        var young = copyAs(clock.now.minus(Duration.ofDays(29)));
        copyAs(clock.now.minus(Duration.ofDays(400)));
        copyAs(clock.now.minus(Duration.ofDays(500)));
        var mine = Files.writeString(here.backups().resolve("urvote_20200101_000000.dump.bak"), "mine");
        var votes = Files.writeString(here.backups().resolve("votes_2020-01.zip"), "votes");

        String did;
        try (var _ = Voting.on(stage)) {
            did = daily.run();
        }

        assertThat(did).isEqualTo("urvote_20261125_030500.dump is made and proved; 2 old backups are gone.");
        assertThat(daily.schedule().words()).isEqualTo("every day at 03:00");
        assertThat(backups()).containsExactly("urvote_20261125_030500.dump", young);
        assertThat(mine).exists();
        assertThat(votes).exists();
        assertThat(here.run("backups")).isZero();
        assertThat(here.output.lines().toList())
                .hasSize(3)
                .anyMatch(line -> line.matches(young + " +[0-9]+ d .* proved .*"));
        assertThat(BackupKeeping.doubts(settings, clock.now)).isEmpty();
        assertThat(BackupKeeping.doubts(settings, clock.now.plus(Duration.ofHours(27)))
                        .orElseThrow())
                .contains("is older than a day");

        var ahead = copyAs(clock.now.plus(Duration.ofDays(400)));
        assertThat(BackupKeeping.doubts(settings, clock.now).orElseThrow())
                .startsWith(ahead + " is named by a day to come, so a clock was wrong");
        assertThat(BackupKeeping.doubts(settings, clock.now.plus(Duration.ofHours(27)))
                        .orElseThrow())
                .contains("is older than a day");
    }

    /// A disk of which UrVote sees that it is full holds the database.
    @Test
    void isKeptButNotProvedWhereTheProofWouldTakeTheRoomThatVotesNeed() throws Exception {
        var full = Path.of("/proc");
        assumeTrue(Files.isDirectory(full) && Files.getFileStore(full).getUsableSpace() == 0, "no disk here is full");
        var clock = new SetClock(Instant.now());
        var settings = here.settings(Optional.empty());
        var backUp = new BackUp(TestDatabases.of(urvote.databaseUrl(), Optional.of(full)), settings, clock);

        assertThat(new DailyBackup(backUp, 3).run())
                .contains(" is made and not proved: There is no room for its proof: it takes about ")
                .contains("the disk of /proc has 0 MB");

        var store = new BackupFolder(here.backups());
        assertThat(store.all()).singleElement().matches(kept -> !kept.proved());
        assertThat(BackupKeeping.doubts(settings, clock.now).orElseThrow())
                .contains("is not proved yet: There is no room for its proof");
        var databases = rows(urvote.databaseUrl(), "select datname from pg_database");
        assertThat(databases).noneMatch(name -> name.startsWith("urvote_proof"));

        // Where there is room, it is proved; and a proof is not forgotten because there is none another time.
        assertThat(here.run("backup", "verify")).as(here.output).isZero();
        assertThat(BackupKeeping.doubts(settings, clock.now)).isEmpty();
        var proved = store.all().getFirst();
        assertThatThrownBy(() -> backUp.verify(store, proved, null)).isInstanceOf(Room.Lacking.class);
        assertThat(store.all()).containsExactly(proved);
    }

    @Test
    void isNotBegunWhereItWouldTakeTheRoomThatOthersNeed() throws Exception {
        var backUp = new BackUp(
                TestDatabases.of(urvote.databaseUrl()),
                here.settings(Optional.empty()),
                new SetClock(Instant.now()),
                new Room(1L << 60));

        assertThatThrownBy(() -> backUp.backUp(false))
                .isInstanceOf(Room.Lacking.class)
                .hasMessageStartingWith("There is no room for a backup: it takes about ");

        assertThat(here.backups()).isEmptyDirectory();
    }

    /// A kill after the files were kept and before the dump was.
    @Test
    void sweepsFilesThatHaveNoDumpAndNothingElse() throws Exception {
        var backup = copyOfStanding();
        var store = new BackupFolder(here.backups());
        for (var name : List.of(
                "urvote_20200101_030000.files.zip",
                "urvote_20209999_030000.files.zip",
                "votes_2020-01.zip",
                UploadsArchive.beside(backup.getFileName().toString()))) {
            Files.writeString(here.backups().resolve(name), "x");
        }
        store.sweep(Instant.now().plus(Duration.ofDays(6)));
        assertThat(here.backups().resolve("urvote_20200101_030000.files.zip"))
                .as("somebody may still be at it")
                .exists();

        store.sweep(Instant.now().plus(Duration.ofDays(8)));

        try (var files = Files.list(here.backups())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            backup.getFileName().toString(),
                            Manifest.beside(backup.getFileName().toString()),
                            UploadsArchive.beside(backup.getFileName().toString()),
                            "urvote_20209999_030000.files.zip",
                            "votes_2020-01.zip");
        }
    }

    private List<String> backups() throws IOException {
        return new BackupFolder(here.backups()).names();
    }

    @Test
    void goesToAnOlderPostgresAndFromThereByItsOwnTools() throws Exception {
        assumeTrue(DebianPostgres.isHere(), "Debian's PostgreSQL 15 is not on this machine");
        var older = missing(DebianPostgres.superuserUrl());
        assertThat(here.run("restore", standing.toString(), "--into", older, "--yes"))
                .as(here.output)
                .isZero();
        var before = everything(older);
        here.with("URVOTE_DATABASE_URL", older);

        var backup = here.backUp();
        var manifest = Manifest.read(Manifest.beside(backup));
        assertThat(manifest.tool()).startsWith("pg_dump 15.");
        var again = missing(older);
        assertThat(here.run("restore", backup.toString(), "--into", again, "--yes"))
                .as(here.output)
                .isZero();
        assertThat(everything(again)).isEqualTo(before);
        // A check comes back in other words that mean the same.
        assertThat(surroundings(again))
                .filteredOn(line -> !line.contains(" CHECK "))
                .isEqualTo(surroundings(older).stream()
                        .filter(line -> !line.contains(" CHECK "))
                        .toList());

        var blind = Files.copy(backup, here.backups().resolve("urvote_20200101_000000.dump"));
        assertThat(new ProcessBuilder(
                                "/usr/lib/postgresql/15/bin/pg_dump",
                                "-Fc",
                                "--enable-row-security",
                                "--role=urvote_owner",
                                "--schema=identity",
                                "--schema=media",
                                "--schema=contest",
                                "--file=" + blind,
                                older)
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        Files.copy(Manifest.beside(backup), Manifest.beside(blind));
        withChecksumOf(blind);
        assertThat(here.run("backup", "verify", blind.toString())).isEqualTo(1);
        assertThat(here.output).contains("has 0 rows, not the");
    }

    private Path copyOfStanding() throws IOException {
        Files.createDirectories(here.backups());
        Files.copy(
                Manifest.beside(standing),
                here.backups().resolve(Manifest.beside(standing).getFileName()));
        return Files.copy(standing, here.backups().resolve(standing.getFileName()));
    }

    /// Gives its name.
    private String copyAs(Instant createdAt) throws IOException {
        Files.createDirectories(here.backups());
        var name = new BackupFolder(here.backups()).next(createdAt);
        var file = Files.copy(standing, here.backups().resolve(name));
        Files.copy(Manifest.beside(standing), Manifest.beside(file));
        return name;
    }

    /// As if its manifest were of the file as it is now.
    private static void withChecksumOf(Path backup) throws IOException {
        var manifest = Manifest.read(Manifest.beside(backup));
        var now = BackupStore.content(backup, null);
        Files.writeString(
                Manifest.beside(backup),
                Files.readString(Manifest.beside(backup))
                        .replace(manifest.file().sha256(), now.sha256())
                        .replaceFirst("\"size\" : " + manifest.file().size(), "\"size\" : " + now.size()));
    }
}
