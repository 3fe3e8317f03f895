package rocks.urvote.operations.backups;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/// What a backup says of itself, in a file of its own beside it: how it was made, what it must hold, and whether a
/// restore of it has proved that it does.
///
/// @param format         how the rows are written
/// @param tool           what wrote them, where it was not UrVote itself
/// @param schemaVersions of the tables, by service
/// @param untried        why no restore was tried, where it could not be
record Manifest(
        Format format,
        @Nullable String tool,
        Instant createdAt,
        String urvoteVersion,
        String serverVersion,
        Map<String, String> schemaVersions,
        List<Table> tables,
        List<Sequence> sequences,
        Content file,
        Uploads uploads,
        @Nullable Outcome proof,
        @Nullable String untried) {

    enum Format {
        COPY,
        PG_DUMP
    }

    /// A table with rows of its own; a month of votes is one.
    ///
    /// @param generated   columns that PostgreSQL computes: checked, but not written
    /// @param checksum    over all columns of all rows, in whatever order these lie
    /// @param partitionOf the table it is attached to
    /// @param bound       the part of it that it holds
    /// @param detachedFrom the table it was attached to and is like
    record Table(
            String name,
            List<String> columns,
            List<String> generated,
            long rows,
            String checksum,
            @Nullable String partitionOf,
            @Nullable String bound,
            @Nullable String detachedFrom) {

        private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]*");
        private static final Pattern TABLE = Pattern.compile("(identity|media|contest)\\.[a-z_][a-z0-9_]*");
        private static final Pattern MONTH = Pattern.compile(".*_[0-9]{4}_(0[1-9]|1[0-2])");
        private static final Pattern BOUND =
                Pattern.compile("FOR VALUES FROM \\('[0-9-]{10}'\\) TO \\('[0-9-]{10}'\\)");

        Table {
            columns = List.copyOf(columns);
            generated = List.copyOf(generated);
            Objects.requireNonNull(checksum);
            require(TABLE, name);
            columns.forEach(column -> require(NAME, column));
            generated.forEach(column -> require(NAME, column));
            if (partitionOf != null) {
                require(TABLE, partitionOf);
                require(BOUND, bound);
            }
            if (detachedFrom != null) {
                require(TABLE, detachedFrom);
                require(MONTH, name);
            }
        }

        Table with(long rows, String checksum) {
            return new Table(name, columns, generated, rows, checksum, partitionOf, bound, detachedFrom);
        }

        List<String> allColumns() {
            var all = new ArrayList<>(columns);
            all.addAll(generated);
            return all;
        }

        /// The table it is, or was, a part of.
        @Nullable
        String parent() {
            return partitionOf != null ? partitionOf : detachedFrom;
        }
    }

    /// As far as ids were given out, or farther.
    record Sequence(String name, long lastValue, boolean called) {

        Sequence {
            require(Table.TABLE, name);
        }
    }

    /// The file of the dump as it lies there.
    ///
    /// @param recipient for whom it is encrypted, in age's form
    record Content(long size, String sha256, @Nullable String recipient) {

        Content {
            Objects.requireNonNull(sha256);
        }
    }

    /// The files the rows refer to. They are listed in the rows; `archive` is there where they were taken along.
    ///
    /// @param missing how many of them were not in the folder of uploads, or had another size
    record Uploads(
            long count, long bytes, long missing, @Nullable Content archive) {}

    /// What a restore of the backup has shown; whole where there is no fault.
    record Outcome(Instant provedAt, List<String> faults) {

        Outcome {
            Objects.requireNonNull(provedAt);
            faults = List.copyOf(faults);
        }
    }

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .changeDefaultPropertyInclusion(usual -> usual.withValueInclusion(JsonInclude.Include.NON_NULL))
            .build();

    Manifest {
        Objects.requireNonNull(format);
        Objects.requireNonNull(createdAt);
        Objects.requireNonNull(urvoteVersion);
        Objects.requireNonNull(serverVersion);
        Objects.requireNonNull(file);
        Objects.requireNonNull(uploads);
        schemaVersions = new TreeMap<>(schemaVersions);
        tables = List.copyOf(tables);
        sequences = List.copyOf(sequences);
    }

    /// `urvote_20261125_030000.dump.json` for `urvote_20261125_030000.dump`
    static Path beside(Path dump) {
        return dump.resolveSibling(beside(dump.getFileName().toString()));
    }

    static String beside(String dump) {
        return dump + ".json";
    }

    static Manifest read(Path file) throws IOException {
        try {
            return read(Files.readAllBytes(file), file.toString());
        } catch (NoSuchFileException e) {
            throw none(file.toString());
        }
    }

    /// @param where the bytes are from
    static Manifest read(byte[] bytes, String where) {
        try {
            return JSON.readValue(bytes, Manifest.class);
        } catch (JacksonException | NullPointerException | IllegalArgumentException e) {
            throw new Damaged("%s is no manifest of a backup".formatted(where), e);
        }
    }

    static Damaged none(String where) {
        return new Damaged("There is no manifest %s, so nothing is known of the backup".formatted(where));
    }

    byte[] bytes() {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
    }

    long rows() {
        return tables.stream().mapToLong(Table::rows).sum();
    }

    boolean proved() {
        return proof != null && proof.faults().isEmpty();
    }

    Manifest proved(Outcome outcome) {
        return with(outcome, null);
    }

    Manifest untried(String why) {
        return with(null, why);
    }

    private Manifest with(@Nullable Outcome proof, @Nullable String untried) {
        return new Manifest(
                format,
                tool,
                createdAt,
                urvoteVersion,
                serverVersion,
                schemaVersions,
                tables,
                sequences,
                file,
                uploads,
                proof,
                untried);
    }

    /// Names go into SQL as they are.
    private static void require(Pattern pattern, @Nullable String text) {
        if (text == null || !pattern.matcher(text).matches()) {
            throw new IllegalArgumentException("%s is not of the form %s".formatted(text, pattern));
        }
    }
}
