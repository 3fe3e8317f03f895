package rocks.urvote.operations.figures;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// How large everything in the database is.
///
/// @param database   its name
/// @param bytes      of the whole database, catalogues included
/// @param tables     the largest first
/// @param months     the partitions of each table, the newest first
/// @param unused     the largest first
/// @param locked     whether somebody has locked a table, so that none could be measured
/// @param countedSince when PostgreSQL began to count uses; absent where that was at its beginning
public record Sizes(
        String database,
        String server,
        Instant measuredAt,
        long bytes,
        List<TableSize> tables,
        List<Month> months,
        List<UnusedIndex> unused,
        @Nullable Instant countedSince,
        boolean locked) {

    public Sizes {
        tables = List.copyOf(tables);
        months = List.copyOf(months);
        unused = List.copyOf(unused);
    }

    /// One partition.
    public record Month(
            String schema, String table, String name, long rows, long deadRows, long tableBytes, long indexBytes) {

        public long bytes() {
            return tableBytes + indexBytes;
        }
    }

    /// One that no statement has used since it is counted, and that holds no rule; of a partitioned table, on none of
    /// its partitions.
    public record UnusedIndex(String schema, String table, String name, long bytes) {}

    /// What all tables grew by on a day; absent where none was measured for long enough.
    public OptionalLong bytesADay() {
        return tables.stream()
                        .map(TableSize::bytesADay)
                        .filter(Objects::nonNull)
                        .findAny()
                        .isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(tables.stream()
                        .map(TableSize::bytesADay)
                        .filter(Objects::nonNull)
                        .mapToLong(Long::longValue)
                        .sum());
    }

    /// What UrVote's plan assumed of a user, a song and a vote, beside what they take here.
    ///
    /// @param rows    of the first of the tables
    /// @param planned bytes a row
    /// @param bytes   of all its tables and their indexes
    public record Estimate(String what, long rows, long planned, long bytes) {

        public long plannedBytes() {
            return rows * planned;
        }

        public @Nullable Long bytesARow() {
            return rows == 0 ? null : bytes / rows;
        }
    }

    public List<Estimate> estimates() {
        return List.of(
                estimate("users", 1_000, "identity.users"),
                estimate("songs and their files", 2_000, "contest.songs", "media.files"),
                estimate("votes and their ballots", 500, "contest.votes", "contest.ballots"));
    }

    private Estimate estimate(String what, long planned, String first, String... others) {
        var named = List.of(others);
        return new Estimate(
                what,
                sum(table -> table.fullName().equals(first), TableSize::rows),
                planned,
                sum(table -> table.fullName().equals(first) || named.contains(table.fullName()), TableSize::bytes));
    }

    private long sum(Predicate<TableSize> of, ToLongFunction<TableSize> what) {
        return tables.stream().filter(of).mapToLong(what).sum();
    }
}
