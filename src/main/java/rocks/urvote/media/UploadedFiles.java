package rocks.urvote.media;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Digest;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;
import rocks.urvote.web.Problem;

@Repository
final class UploadedFiles implements Files {

    private static final Logger log = LoggerFactory.getLogger(UploadedFiles.class);
    private static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("yyyy/MM/").withZone(ZoneOffset.UTC);

    private static final int AT_ONCE_BY_ONE = 3;

    /// The disk keeps that much free for everything else that is written: the database perhaps, and its log.
    private static final long LEAVE_FREE = 512L << 20;

    private final Folder folder;
    private final Semaphore places;
    private final ConcurrentHashMap<UserId, Integer> arriving = new ConcurrentHashMap<>();
    private final AtomicLong promised = new AtomicLong();
    private final AudioProbe probe = new AudioProbe();
    private final JdbcClient db;
    private final Transactions transactions;
    private final Clock clock;

    UploadedFiles(Folder folder, MediaSettings settings, JdbcClient db, Transactions transactions, Clock clock) {
        this.folder = folder;
        this.places = new Semaphore(settings.uploadsAtOnce());
        this.db = db;
        this.transactions = transactions;
        this.clock = clock;
    }

    /// So many at a time, and so many of one person: slow senders leave places to others.
    @Override
    public Arrival receive(UserId uploader, InputStream bytes, long mostBytes) throws IOException {
        if (arriving.merge(uploader, 1, Integer::sum) > AT_ONCE_BY_ONE) {
            leave(uploader);
            throw Problem.rateLimited(Duration.ofSeconds(10)).raised();
        }
        if (!places.tryAcquire()) {
            leave(uploader);
            throw Problem.busy(Duration.ofSeconds(10)).raised();
        }
        long all = promised.addAndGet(mostBytes);
        try {
            if (onDisk(folder::free) < LEAVE_FREE + all) {
                log.error("The uploads folder is almost full: no song is taken");
                throw Problem.busy(Duration.ofMinutes(1)).raised();
            }
            return receiveOne(uploader, bytes, mostBytes);
        } finally {
            promised.addAndGet(-mostBytes);
            places.release();
            leave(uploader);
        }
    }

    private void leave(UserId uploader) {
        arriving.computeIfPresent(uploader, (who, count) -> count == 1 ? null : count - 1);
    }

    private Arrival receiveOne(UserId uploader, InputStream bytes, long mostBytes) throws IOException {
        var file = folder.arriving().resolve(folder.newName() + ".part");
        try {
            var written = write(bytes, file, mostBytes);
            if (written == null) {
                return new Arrival.TooLarge(mostBytes);
            }
            return switch (onDisk(() -> probe.probe(file))) {
                case Probed.NotAudio(var why) -> new Arrival.NotAudio(why);
                case Probed.Audio(var format, var duration) ->
                    new Arrival.Accepted(keep(uploader, file, written, format, duration));
            };
        } finally {
            java.nio.file.Files.deleteIfExists(file);
        }
    }

    private record Written(long size, String sha256) {}

    /// Null as soon as there is more than may be: the rest is neither read nor written.
    private @Nullable Written write(InputStream bytes, Path file, long mostBytes) throws IOException {
        var sum = Digest.sha256();
        var buffer = new byte[1 << 16];
        long size = 0;
        var channel = onDisk(() -> folder.open(file));
        try (channel) {
            for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
                size += read;
                if (size > mostBytes) {
                    return null;
                }
                sum.update(buffer, 0, read);
                append(channel, ByteBuffer.wrap(buffer, 0, read));
            }
            onDisk(() -> {
                channel.force(true);
                return channel;
            });
        }
        return new Written(size, HexFormat.of().formatHex(sum.digest()));
    }

    private static void append(FileChannel channel, ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            int _ = onDisk(() -> channel.write(bytes));
        }
    }

    private Kept keep(UserId uploader, Path arrived, Written written, AudioFormat format, @Nullable Duration duration) {
        var path = MONTH.format(clock.instant()) + folder.newName() + "." + format.extension();
        var kept = new Kept(path, written.size(), written.sha256(), format, duration);
        onDisk(() -> {
            folder.keep(arrived, path);
            return path;
        });
        boolean known = false;
        try {
            transactions.as(Acting.user(uploader), () -> insert(uploader, kept));
            known = true;
        } finally {
            if (!known) {
                delete(folder.locate(path));
            }
        }
        return kept;
    }

    private void insert(UserId uploader, Kept file) {
        db.sql("""
            insert into files (path, size, sha256, format, media_type, duration_ms, uploaded_by)
            values (:path, :size, :sha256, :format, :mediaType, :duration, :uploader)
            """)
                .param("path", file.path())
                .param("size", file.size())
                .param("sha256", file.sha256())
                .param("format", file.format())
                .param("mediaType", file.format().mediaType())
                .param(
                        "duration",
                        file.duration() == null ? null : file.duration().toMillis())
                .param("uploader", uploader)
                .update();
    }

    @Override
    public Optional<Kept> find(String path) {
        record Row(
                String path,
                long size,
                String sha256,
                AudioFormat format,
                @Nullable Long durationMs) {}
        return transactions.as(
                Acting.LOOKUP,
                () -> db.sql("""
                    select path, size, sha256, format, duration_ms
                      from files
                     where path = :path
                    """)
                        .param("path", path)
                        .query(Row.class)
                        .optional()
                        .map(row -> new Kept(
                                row.path(),
                                row.size(),
                                row.sha256(),
                                row.format(),
                                row.durationMs() == null ? null : Duration.ofMillis(row.durationMs()))));
    }

    @Override
    public Path locate(String path) {
        return folder.locate(path);
    }

    @Override
    public void discard(String path) {
        delete(folder.made(path, StoredWaveforms.PEAKS));
        delete(folder.locate(path));
        transactions.as(Acting.CHORE, () -> {
            db.sql("delete from files where path = :path").param("path", path).update();
        });
    }

    private static void delete(Path file) {
        try {
            java.nio.file.Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Could not take away " + file, e);
        }
    }

    @FunctionalInterface
    private interface DiskWork<T> {
        T run() throws IOException;
    }

    /// The disk's failures are ours, not the sender's: they are told to try again later.
    private static <T> T onDisk(DiskWork<T> work) {
        try {
            return work.run();
        } catch (IOException e) {
            log.error("The uploads folder takes no more", e);
            throw Problem.busy(Duration.ofMinutes(1)).raised();
        }
    }
}
