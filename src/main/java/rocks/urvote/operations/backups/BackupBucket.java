package rocks.urvote.operations.backups;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rocks.urvote.operations.BucketKeys;
import rocks.urvote.operations.BucketUrl;
import rocks.urvote.operations.Command;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/// Backups in a bucket of Amazon's S3, or of what speaks like it. An object is there whole or not at all, large ones
/// too, which are sent in parts; a backup is there once its manifest is, which is sent last and removed first.
final class BackupBucket implements BackupStore {

    private static final String TYPE = "application/octet-stream";

    /// Ten thousand parts is the most there may be.
    private static final long PARTS = 9_000;

    private static final int PART = 16 << 20;
    private static final Duration NO_UPLOAD_TAKES_LONGER = Duration.ofDays(1);
    private static final Region ANY = Region.US_EAST_1;

    private final BucketUrl url;
    private final Workbench workbench;
    private final S3Client s3;
    private final BucketAnswers answers;

    BackupBucket(BucketUrl url, Optional<BucketKeys> keys, Workbench workbench) {
        this.url = url;
        this.workbench = workbench;
        this.s3 = client(url, keys);
        this.answers = new BucketAnswers(url);
    }

    /// With no more checksums of Amazon's own than a request needs, since others do not know them; what is sent has its
    /// MD5, what is fetched the SHA-256 of its manifest.
    private static S3Client client(BucketUrl url, Optional<BucketKeys> keys) {
        var builder = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(Duration.ofSeconds(10))
                        .socketTimeout(Duration.ofSeconds(60)))
                .credentialsProvider(credentials(keys))
                .region(url.region().map(Region::of).orElse(ANY))
                .crossRegionAccessEnabled(
                        url.endpoint().isEmpty() && url.region().isEmpty())
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .forcePathStyle(url.endpoint().isPresent());
        url.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private static AwsCredentialsProvider credentials(Optional<BucketKeys> keys) {
        return keys.<AwsCredentialsProvider>map(each -> StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(each.accessKey(), each.secretKey())))
                .orElseGet(() -> DefaultCredentialsProvider.builder().build());
    }

    @Override
    public List<String> names() {
        var there = new HashSet<String>();
        answers.to(() -> {
            for (var object : listed()) {
                there.add(object.key().substring(url.prefix().length()));
            }
            return there;
        });
        return there.stream()
                .filter(name -> BackupStore.timeOf(name) != null && there.contains(Manifest.beside(name)))
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    private Iterable<S3Object> listed() {
        return s3.listObjectsV2Paginator(list -> list.bucket(url.bucket()).prefix(key("urvote_")))
                .contents();
    }

    @Override
    public boolean has(String name) {
        return size(name, false).isPresent();
    }

    @Override
    public long size(String name) {
        return size(name, true).orElseThrow();
    }

    private Optional<Long> size(String name, boolean must) {
        return answers.to(() -> {
            try {
                return Optional.of(
                        s3.headObject(head -> head.bucket(url.bucket()).key(key(name)))
                                .contentLength());
            } catch (NoSuchKeyException e) {
                if (must) {
                    throw new Damaged("%s is missing".formatted(where(name)), e);
                }
                return Optional.empty();
            }
        });
    }

    @Override
    public Manifest manifest(String name) {
        var manifest = Manifest.beside(name);
        byte[] bytes = answers.to(() -> {
            try {
                return s3.getObjectAsBytes(get -> get.bucket(url.bucket()).key(key(manifest)))
                        .asByteArray();
            } catch (NoSuchKeyException e) {
                throw Manifest.none(where(manifest));
            }
        });
        return Manifest.read(bytes, where(manifest));
    }

    @Override
    public String where(String name) {
        return url.address(name);
    }

    @Override
    public PlainFile fetch(String name) throws IOException {
        var copy = workbench.copy();
        try {
            answers.to(() -> {
                try (var object = s3.getObject(get -> get.bucket(url.bucket()).key(key(name)));
                        var file = Files.newOutputStream(copy)) {
                    return object.transferTo(file);
                } catch (IOException e) {
                    throw new Command.Failed("%s broke off: %s".formatted(where(name), e.getMessage()), e);
                }
            });
            return new PlainFile(copy, true);
        } catch (RuntimeException e) {
            Files.deleteIfExists(copy);
            throw e;
        }
    }

    @Override
    public boolean isHere() {
        return false;
    }

    @Override
    public Path arriving(String name) throws IOException {
        return workbench.arriving(name);
    }

    @Override
    public void put(Path arrived, String name) throws IOException {
        long size = Files.size(arrived);
        if (size <= PART) {
            put(Files.readAllBytes(arrived), name);
        } else {
            putInParts(arrived, size, name);
        }
        if (size(name) != size) {
            throw new Command.Failed("%s has %,d bytes, not the %,d that were sent; 'urvote backup' makes another"
                    .formatted(where(name), size(name), size));
        }
    }

    private void put(byte[] bytes, String name) {
        answers.to(() -> s3.putObject(
                put -> put.bucket(url.bucket()).key(key(name)).contentType(TYPE).contentMD5(md5(bytes)), body(bytes)));
    }

    /// Whatever goes wrong, no part stays.
    private void putInParts(Path file, long size, String name) throws IOException {
        var upload = answers.to(() -> s3.createMultipartUpload(
                        create -> create.bucket(url.bucket()).key(key(name)).contentType(TYPE))
                .uploadId());
        try (var from = FileChannel.open(file)) {
            int length = Math.toIntExact(Math.max(PART, size / PARTS + 1));
            var parts = new ArrayList<CompletedPart>();
            for (long at = 0; at < size; at += length) {
                var bytes = read(from, Math.toIntExact(Math.min(length, size - at)));
                int number = parts.size() + 1;
                var tag = answers.to(() -> s3.uploadPart(
                                part -> part.bucket(url.bucket())
                                        .key(key(name))
                                        .uploadId(upload)
                                        .partNumber(number)
                                        .contentMD5(md5(bytes)),
                                body(bytes))
                        .eTag());
                parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
            }
            answers.to(() -> s3.completeMultipartUpload(complete -> complete.bucket(url.bucket())
                    .key(key(name))
                    .uploadId(upload)
                    .multipartUpload(all -> all.parts(parts))));
        } catch (IOException | RuntimeException | Error e) {
            try {
                abort(name, upload);
            } catch (RuntimeException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    private void abort(String name, String upload) {
        answers.to(() -> s3.abortMultipartUpload(
                abort -> abort.bucket(url.bucket()).key(key(name)).uploadId(upload)));
    }

    private static byte[] read(FileChannel from, int length) throws IOException {
        var bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (from.read(bytes) < 0) {
                throw new IOException("The file became shorter while it was sent");
            }
        }
        return bytes.array();
    }

    private static RequestBody body(byte[] bytes) {
        return RequestBody.fromContentProvider(ContentStreamProvider.fromByteArrayUnsafe(bytes), bytes.length, TYPE);
    }

    private static String md5(byte[] bytes) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has MD5", e);
        }
    }

    @Override
    public void write(Manifest manifest, String name) {
        put(manifest.bytes(), Manifest.beside(name));
    }

    @Override
    public void delete(Kept kept) {
        if (BackupStore.timeOf(kept.name()) == null) {
            throw new IllegalArgumentException(kept.name() + " is not named like a backup");
        }
        for (var name : List.of(Manifest.beside(kept.name()), kept.name(), UploadsArchive.beside(kept.name()))) {
            answers.to(
                    () -> s3.deleteObject(delete -> delete.bucket(url.bucket()).key(key(name))));
        }
    }

    @Override
    public void sweep(Instant now) {
        sweepParts(now);
        for (var name : left(now)) {
            answers.to(
                    () -> s3.deleteObject(delete -> delete.bucket(url.bucket()).key(key(name))));
        }
    }

    /// Dumps and files without a manifest, which nobody ever lists: it never came, or was the first to go.
    private List<String> left(Instant now) {
        return answers.to(() -> {
            var there = new HashMap<String, Instant>();
            for (var object : listed()) {
                there.put(object.key().substring(url.prefix().length()), object.lastModified());
            }
            return there.entrySet().stream()
                    .filter(object -> object.getValue().isBefore(now.minus(LEFT)))
                    .map(Map.Entry::getKey)
                    .filter(name -> BackupStore.timeOf(UploadsArchive.dumpOf(name)) != null)
                    .filter(name -> !there.containsKey(Manifest.beside(UploadsArchive.dumpOf(name))))
                    .toList();
        });
    }

    /// Parts that nobody puts together any more. They are no objects, but cost as much.
    private void sweepParts(Instant now) {
        var left =
                answers.to(() -> s3
                        .listMultipartUploadsPaginator(
                                list -> list.bucket(url.bucket()).prefix(key("urvote_")))
                        .uploads()
                        .stream()
                        .filter(upload -> upload.initiated() != null
                                && upload.initiated().isBefore(now.minus(NO_UPLOAD_TAKES_LONGER)))
                        .toList());
        for (var upload : left) {
            var name = upload.key().substring(url.prefix().length());
            if (BackupStore.timeOf(UploadsArchive.dumpOf(name)) != null) {
                abort(name, upload.uploadId());
            }
        }
    }

    private String key(String name) {
        return url.prefix() + name;
    }

    @Override
    public void close() {
        s3.close();
    }

    @Override
    public String toString() {
        return url.toString();
    }
}
