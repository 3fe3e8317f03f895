package rocks.urvote.operations.backups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static rocks.urvote.operations.backups.BackupStage.everything;
import static rocks.urvote.operations.backups.BackupStage.execute;
import static rocks.urvote.operations.backups.BackupStage.missing;

import com.exceptionfactory.jagged.x25519.X25519KeyPairGenerator;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rocks.urvote.operations.BucketKeys;
import rocks.urvote.operations.BucketUrl;
import rocks.urvote.operations.Command;
import rocks.urvote.operations.TestDatabases;
import rocks.urvote.testkit.S3Server;
import rocks.urvote.testkit.Stage;
import rocks.urvote.testkit.TestPostgres;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/// Backups are kept in a bucket of a real server that speaks S3.
class BucketIT {

    private static final String BUCKET = "kept";

    @TempDir
    static Path server;

    static S3Server s3;
    static String database;

    @TempDir
    Path folder;

    BackupStage here;
    BucketUrl place;

    @BeforeAll
    static void serve() throws Exception {
        s3 = S3Server.start(server, BUCKET);
        database = TestPostgres.freshDatabase();
        assertThat(new BackupStage(server, database).run("migrate")).isZero();
        execute(database, """
            insert into contest.clients (slug, name)
            select 'client-' || n, E'Client\\n' || n from generate_series(1, 1000) n
            """);
        var first = new BackupStage(server.resolve("first"), database)
                .with("URVOTE_BACKUPS", "s3://%s/first?endpoint=%s".formatted(BUCKET, s3.endpoint()))
                .with("URVOTE_S3_ACCESS_KEY", S3Server.ACCESS_KEY)
                .with("URVOTE_S3_SECRET_KEY", S3Server.SECRET_KEY);
        assertThat(first.run("backup")).as(first.output).isZero();
    }

    @AfterAll
    static void stop() {
        s3.close();
    }

    @BeforeEach
    void atTheCommandLine() {
        place = BucketUrl.parse("s3://%s/%s?endpoint=%s".formatted(BUCKET, Stage.unique("of/test-"), s3.endpoint()));
        here = new BackupStage(folder, database)
                .with("URVOTE_BACKUPS", place.toString())
                .with("URVOTE_S3_ACCESS_KEY", S3Server.ACCESS_KEY)
                .with("URVOTE_S3_SECRET_KEY", S3Server.SECRET_KEY);
    }

    @AfterEach
    void mend() {
        s3.mend();
    }

    @Test
    void keepsProvesListsAndRestores() throws Exception {
        assertThat(here.run("backups")).as(here.output).isZero();
        assertThat(here.output).contains("There is no backup in " + place);
        assertThat(here.run("check")).isZero();
        assertThat(here.output).contains("warn backups: none yet in " + place);

        assertThat(here.run("backup", "--with-files")).as(here.output).isZero();

        var name = names().getFirst();
        assertThat(here.output)
                .contains(place.address(name) + " holds ", "a restore has proved it", "lie beside it")
                .doesNotContain(S3Server.SECRET_KEY);
        assertThat(objects()).hasSize(3).contains(name, name + ".json");
        assertThat(here.run("backups")).isZero();
        assertThat(here.output.lines().toList()).hasSize(2).last().asString().matches(name + " .* proved .*");
        assertThat(here.run("check")).isZero();
        assertThat(here.output).contains("ok   backups: the newest in %s is proved".formatted(place));
        var standing = BackupKeeping.standing(here.settings(Optional.of(place)));
        assertThat(standing.count()).isEqualTo(1);
        assertThat(standing.newestProved()).isPresent().isEqualTo(standing.newest());
        assertThat(standing.doubt()).isEmpty();
        assertThat(here.run("backup", "verify")).as(here.output).isZero();
        assertThat(here.output).contains(name + " is whole");

        for (var named : List.of(name, "s3://%s/%s%s".formatted(BUCKET, place.prefix(), name))) {
            assertThat(here.run("restore", named, "--into", missing(database)))
                    .as(here.output)
                    .isZero();
            assertThat(here.output).contains("would be restored into the new database");
        }
        var into = missing(database);
        here.with("URVOTE_BACKUPS", folder.resolve("elsewhere").toString());
        assertThat(here.run("restore", place.address(name), "--into", into, "--with-files", "--yes"))
                .as(here.output)
                .isZero();
        assertThat(everything(into)).isEqualTo(everything(database));
        assertThat(folder.resolve("backing-up")).isEmptyDirectory();
        assertThat(folder.resolve("backups")).doesNotExist();
    }

    @Test
    void sendsWhatOnlyThePrivateKeyOpens() throws Exception {
        var keys = new X25519KeyPairGenerator().generateKeyPair();
        var identity = Files.write(folder.resolve("key.txt"), keys.getPrivate().getEncoded());
        here.with("URVOTE_BACKUP_RECIPIENT", new String(keys.getPublic().getEncoded(), StandardCharsets.US_ASCII));

        assertThat(here.run("backup")).as(here.output).isZero();

        assertThat(Files.readString(object(names().getFirst()), StandardCharsets.ISO_8859_1))
                .startsWith("age-encryption.org/v1\n");
        assertThat(here.run("backup", "verify")).isEqualTo(1);
        assertThat(here.output).contains("is encrypted for age1");
        assertThat(here.run("backup", "verify", "--identity", identity.toString()))
                .as(here.output)
                .isZero();
        assertThat(folder.resolve("backing-up")).isEmptyDirectory();
    }

    @Test
    void findsWhatWasDamagedThereOrHasGone() throws Exception {
        var object = object(proved());
        var bytes = Files.readAllBytes(object);
        bytes[bytes.length / 2] ^= 1;
        Files.write(object, bytes);

        assertThat(here.run("backup", "verify")).isEqualTo(1);
        assertThat(here.output).contains("is damaged: its SHA-256 is another");
        assertThat(here.run("restore", names().getFirst(), "--into", missing(database), "--yes"))
                .isEqualTo(1);
        assertThat(here.output).contains("is damaged");
        assertThat(here.run("check")).isZero();
        assertThat(here.output).contains("warn backups: the newest, ", "FAULTY");
        assertThat(here.run("restore", "urvote_20200101_000000.dump", "--into", missing(database)))
                .isEqualTo(1);
        assertThat(here.output).contains("There is no backup s3://" + BUCKET);
    }

    @Test
    void sendsLargeOnesInPartsAndLeavesNothingOfOneThatWasCutOff() throws Exception {
        var random = new byte[20 << 20];
        new Random(1).nextBytes(random);
        var large = Files.write(folder.resolve("large"), random);
        var content = BackupStore.content(large, null);
        try (var store = store()) {
            store.put(large, "urvote_20261126_030000.dump");
            try (var back = store.fetch("urvote_20261126_030000.dump", content)) {
                assertThat(back.path()).hasSameBinaryContentAs(large);
            }
            assertThat(store.names()).as("it has no manifest yet").isEmpty();
            assertThat(unfinished()).isEmpty();

            s3.cutAfter(17 << 20);
            assertThatThrownBy(() -> store.put(large, "urvote_20261126_040000.dump"))
                    .isInstanceOf(Command.Failed.class)
                    .hasMessageContaining("does not answer", "look at the endpoint in URVOTE_BACKUPS");
            assertThat(s3.isCut()).isTrue();
            s3.mend();
            assertThat(store.has("urvote_20261126_040000.dump")).isFalse();
            assertThat(unfinished()).containsExactly("urvote_20261126_040000.dump");
            store.sweep(Instant.now());
            assertThat(unfinished()).as("somebody may still be at it").hasSize(1);
            store.sweep(Instant.now().plus(Duration.ofDays(2)));
            assertThat(unfinished()).isEmpty();
            assertThat(store.has("urvote_20261126_030000.dump")).isTrue();
        }
    }

    @Test
    void isThereOnlyWithItsManifest() throws Exception {
        s3.cutAfter(5000);

        assertThat(here.run("backup")).isEqualTo(1);
        s3.mend();

        assertThat(here.output).contains("does not answer");
        assertThat(names()).isEmpty();
        assertThat(here.run("backups")).isZero();
        assertThat(here.output).contains("There is no backup in ");
        assertThat(folder.resolve("backing-up")).isEmptyDirectory();
    }

    /// What has no manifest may be let go of; what cannot be asked for it must not be.
    @Test
    void doesNotTakeABucketThatFallsSilentForOneWithoutManifests() throws Exception {
        var name = proved();
        try (var store = store()) {
            assertThat(store.kept(name).manifest()).isNotNull();
            s3.cutAfter(0);

            assertThatThrownBy(() -> store.kept(name))
                    .isNotInstanceOf(Damaged.class)
                    .hasMessageContaining("does not answer");

            s3.mend();
            assertThat(store.kept(name).manifest()).isNotNull();
        }
    }

    @Test
    void letsOldOnesGoButNothingElseAndNeverTheLastThatIsProved() throws Exception {
        var proved = proved();
        var clock = new SetClock(Instant.now().plus(Duration.ofDays(1000)));
        try (var store = store()) {
            var manifest = store.manifest(proved);
            var unproved = Files.writeString(folder.resolve("x"), "x");
            for (var name : List.of("urvote_20200101_030000.dump", "urvote_20200102_030000.dump")) {
                store.put(unproved, name);
                store.write(manifest.proved(new Manifest.Outcome(clock.now, List.of("nothing is there"))), name);
            }
            store.put(unproved, "urvote_20200101_030000.dump.mine");
            store.put(unproved, "votes_2020-01.zip");
        }

        var done = new BackUp(TestDatabases.of(database), here.settings(Optional.of(place), 1, 0), clock).backUp(false);

        assertThat(done.removed())
                .extracting(Kept::name)
                .containsExactly(proved, "urvote_20200102_030000.dump", "urvote_20200101_030000.dump");
        assertThat(objects())
                .containsExactlyInAnyOrder(
                        done.backup().name(),
                        done.backup().name() + ".json",
                        "urvote_20200101_030000.dump.mine",
                        "votes_2020-01.zip");
    }

    /// A kill before the manifest was sent, or after it was removed.
    @Test
    void sweepsWhatHasNoManifestAndNothingElse() throws Exception {
        var name = proved();
        try (var store = store()) {
            var bytes = Files.writeString(folder.resolve("x"), "x");
            for (var each : List.of(
                    "urvote_20200101_030000.dump",
                    "urvote_20200101_030000.files.zip",
                    "urvote_20200101_030000.dump.mine",
                    "urvote_20209999_030000.dump",
                    "votes_2020-01.zip",
                    UploadsArchive.beside(name))) {
                store.put(bytes, each);
            }
            store.sweep(Instant.now().plus(Duration.ofDays(6)));
            assertThat(objects()).as("somebody may still be at it").hasSize(8);

            store.sweep(Instant.now().plus(Duration.ofDays(8)));
        }

        assertThat(objects())
                .containsExactlyInAnyOrder(
                        name,
                        name + ".json",
                        UploadsArchive.beside(name),
                        "urvote_20200101_030000.dump.mine",
                        "urvote_20209999_030000.dump",
                        "votes_2020-01.zip");
    }

    @Test
    void saysWhatToDoWhereTheBucketIsNotToBeHad() {
        here.with("URVOTE_S3_SECRET_KEY", "another-secret");
        assertThat(here.run("backup")).isEqualTo(1);
        assertThat(here.output)
                .contains("does not know the key", "set URVOTE_S3_ACCESS_KEY and URVOTE_S3_SECRET_KEY")
                .doesNotContain("another-secret");
        assertThat(here.run("check")).isZero();
        assertThat(here.output).contains("warn backups: ", "does not know the key");

        here.with("URVOTE_S3_SECRET_KEY", S3Server.SECRET_KEY)
                .with("URVOTE_BACKUPS", place.toString().replace(BUCKET, "nowhere"));
        assertThat(here.run("backup")).isEqualTo(1);
        assertThat(here.output).contains("There is no bucket nowhere");

        here.with("URVOTE_BACKUPS", "s3://%s?endpoint=http://127.0.0.1:1".formatted(BUCKET));
        assertThat(here.run("backups")).isEqualTo(1);
        assertThat(here.output).contains("does not answer (ConnectException: ");
        assertThat(here.output.lines()).hasSize(1);

        var away = BackupKeeping.standing(
                here.settings(Optional.of(BucketUrl.parse("s3://%s?endpoint=http://127.0.0.1:1".formatted(BUCKET)))));
        assertThat(away.seen()).isFalse();
        assertThat(away.doubt().orElseThrow()).contains("does not answer");
    }

    @Test
    void comesInWithTheMachinesOwnKeysWhereNoneAreSet() throws Exception {
        var names = Map.of(
                "aws.disableEc2Metadata", "true",
                "aws.accessKeyId", S3Server.ACCESS_KEY,
                "aws.secretAccessKey", S3Server.SECRET_KEY);
        try {
            System.setProperty("aws.disableEc2Metadata", "true");
            try (var store = new BackupBucket(place, Optional.empty(), new Workbench(folder))) {
                assertThatThrownBy(store::names)
                        .isInstanceOf(Command.Failed.class)
                        .hasMessageContaining("There is no key for s3://", "AWS_ACCESS_KEY_ID");
            }
            names.forEach(System::setProperty);
            try (var store = new BackupBucket(place, Optional.empty(), new Workbench(folder))) {
                assertThat(store.names()).isEmpty();
            }
        } finally {
            names.keySet().forEach(System::clearProperty);
        }
    }

    private BackupBucket store() {
        return new BackupBucket(
                place,
                Optional.of(new BucketKeys(S3Server.ACCESS_KEY, S3Server.SECRET_KEY)),
                new Workbench(folder.resolve("backing-up")));
    }

    private List<String> names() {
        try (var store = store()) {
            return store.names();
        }
    }

    /// One that is proved, in this test's place: the same for all, as a proof takes its time.
    private String proved() throws IOException {
        var here = Files.createDirectories(object(""));
        try (var files = Files.list(server.resolve("objects").resolve(BUCKET).resolve("first"))) {
            for (var file : (Iterable<Path>) files::iterator) {
                Files.copy(file, here.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return names().getFirst();
    }

    /// As the server keeps it.
    private Path object(String name) {
        return server.resolve("objects").resolve(BUCKET).resolve(place.prefix()).resolve(name);
    }

    private List<String> objects() throws IOException {
        try (var files = Files.list(object(""))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /// The uploads below this test's prefix that nobody has put together.
    private List<String> unfinished() {
        var keys = AwsBasicCredentials.create(S3Server.ACCESS_KEY, S3Server.SECRET_KEY);
        try (var client = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .credentialsProvider(StaticCredentialsProvider.create(keys))
                .region(Region.US_EAST_1)
                .endpointOverride(URI.create(s3.endpoint()))
                .forcePathStyle(true)
                .build()) {
            return client.listMultipartUploads(list -> list.bucket(BUCKET).prefix(place.prefix())).uploads().stream()
                    .map(upload -> upload.key().substring(place.prefix().length()))
                    .toList();
        }
    }
}
