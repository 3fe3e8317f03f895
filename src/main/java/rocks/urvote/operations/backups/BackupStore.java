package rocks.urvote.operations.backups;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import rocks.urvote.kernel.Digest;
import rocks.urvote.operations.Backups;
import rocks.urvote.operations.BucketUrl;
import rocks.urvote.operations.Command;

/// Where backups are kept. What is there belongs to backups only by its name; what has the name of a file of a
/// backup is whole, and its manifest is the last to come.
sealed interface BackupStore extends AutoCloseable permits BackupFolder, BackupBucket {

    Pattern NAME = Pattern.compile("urvote_([0-9]{8}_[0-9]{6})\\.dump");
    DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMdd_HHmmss", Locale.ROOT);

    static BackupStore of(Backups settings) {
        return settings.bucket().isPresent()
                ? new BackupBucket(settings.bucket().get(), settings.keys(), new Workbench(settings.work()))
                : new BackupFolder(settings.folder());
    }

    /// The one that holds what is named: by a path or an address its own; by a mere name, or without one, that of the
    /// settings.
    static BackupStore holding(Backups settings, @Nullable String named) {
        if (named == null || (!named.contains("/") && !Files.exists(Path.of(named)))) {
            return of(settings);
        }
        if (BucketUrl.is(named)) {
            return new BackupBucket(address(settings, named).place(), settings.keys(), new Workbench(settings.work()));
        }
        return new BackupFolder(Path.of(named).toAbsolutePath().resolveSibling(""));
    }

    /// Endpoint and region need not be told again for the bucket of the settings.
    private static BucketUrl.Named address(Backups settings, String named) {
        try {
            var address = BucketUrl.parseNamed(named);
            var place = address.place();
            return settings.bucket()
                    .filter(own -> own.bucket().equals(place.bucket())
                            && place.endpoint().isEmpty()
                            && place.region().isEmpty())
                    .map(own -> new BucketUrl.Named(
                            new BucketUrl(own.bucket(), place.prefix(), own.endpoint(), own.region()), address.name()))
                    .orElse(address);
        } catch (IllegalArgumentException e) {
            throw new Command.Failed(
                    "The backup must be a name, a path, or"
                            + " s3://bucket/prefix/urvote_YYYYMMDD_HHMMSS.dump?endpoint=https://...&region=...",
                    e);
        }
    }

    /// The last part of a name, a path or an address.
    static @Nullable String name(@Nullable String named) {
        if (named == null) {
            return null;
        }
        return BucketUrl.is(named)
                ? BucketUrl.parseNamed(named).name()
                : Path.of(named).getFileName().toString();
    }

    /// What is named like a backup, the newest first.
    List<String> names() throws IOException;

    boolean has(String name) throws IOException;

    /// Throws a [Damaged] that says why where there is none to read.
    Manifest manifest(String name) throws IOException;

    /// Where it is, as one says it.
    String where(String name);

    long size(String name) throws IOException;

    /// The file, as long as it is needed: itself, or a copy.
    PlainFile fetch(String name) throws IOException;

    /// Whether [#fetch] costs nothing.
    boolean isHere();

    /// A new file for what is to become `name` here.
    Path arriving(String name) throws IOException;

    /// Keeps a whole file under its name from now on. The file is gone afterwards, or is the caller's to delete.
    void put(Path arrived, String name) throws IOException;

    void write(Manifest manifest, String name) throws IOException;

    void delete(Kept kept) throws IOException;

    /// Nobody is at it any more, not on another machine either.
    Duration LEFT = Duration.ofDays(7);

    /// Removes what backups that were cut off have left behind. Only while no other is under way.
    void sweep(Instant now) throws IOException;

    @Override
    void close();

    /// The newest first.
    default List<Kept> all() throws IOException {
        var all = new ArrayList<Kept>();
        for (var name : names()) {
            all.add(kept(name));
        }
        return all;
    }

    /// Of those that were made by now.
    default Optional<Kept> newest(Instant now) throws IOException {
        var name = names().stream().filter(each -> !isOfAnotherTime(each, now)).findFirst();
        return name.isEmpty() ? Optional.empty() : Optional.of(kept(name.get()));
    }

    default Kept kept(String name) throws IOException {
        var createdAt = timeOf(name);
        if (createdAt == null) {
            throw new IllegalStateException(name + " is not named like a backup");
        }
        try {
            return new Kept(name, createdAt, manifest(name));
        } catch (Damaged e) {
            return new Kept(name, createdAt, null);
        }
    }

    /// By its name, whatever that is; the newest for none.
    default Kept named(@Nullable String name, Instant now) throws IOException {
        if (name == null) {
            return newest(now).orElseThrow(() -> new Command.Failed("There is no backup in %s yet".formatted(this)));
        }
        if (!has(name)) {
            throw new Command.Failed("There is no backup %s".formatted(where(name)));
        }
        var manifest = manifest(name);
        return new Kept(name, manifest.createdAt(), manifest);
    }

    /// What a backup of this second is called; one that is there is never written over.
    default String next(Instant now) throws IOException {
        for (var second = now.truncatedTo(ChronoUnit.SECONDS); ; second = second.plusSeconds(1)) {
            var name = "urvote_%s.dump".formatted(TIME.format(LocalDateTime.ofInstant(second, ZoneOffset.UTC)));
            if (!has(name) && !has(Manifest.beside(name))) {
                return name;
            }
        }
    }

    default void refuseMissing(String name, Manifest.Content content) throws IOException {
        if (!has(name)) {
            throw new Damaged("%s is missing".formatted(where(name)));
        }
        if (size(name) != content.size()) {
            throw new Damaged("%s is not the file its manifest is of: it has %,d bytes, not %,d"
                    .formatted(where(name), size(name), content.size()));
        }
    }

    /// The file as its manifest knows it, and no other.
    default PlainFile fetch(String name, Manifest.Content content) throws IOException {
        refuseMissing(name, content);
        var file = fetch(name);
        try {
            if (!Digest.sha256Hex(file.path()).equals(content.sha256())) {
                throw new Damaged("%s is not the file its manifest is of, or is damaged: its SHA-256 is another"
                        .formatted(where(name)));
            }
            return file;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    static Manifest.Content content(Path file, @Nullable String recipient) throws IOException {
        return new Manifest.Content(Files.size(file), Digest.sha256Hex(file), recipient);
    }

    static boolean isOfAnotherTime(String dump, Instant now) {
        var createdAt = timeOf(dump);
        return createdAt != null && Kept.isOfAnotherTime(createdAt, now);
    }

    static @Nullable Instant timeOf(String dump) {
        var name = NAME.matcher(dump);
        try {
            return name.matches() ? LocalDateTime.parse(name.group(1), TIME).toInstant(ZoneOffset.UTC) : null;
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
