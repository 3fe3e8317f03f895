package rocks.urvote.operations.figures;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A table with all that belongs to it; a partitioned one with its partitions.
///
/// @param rows       as PostgreSQL estimates them, exact after an `analyze`
/// @param deadRows   that wait for a vacuum
/// @param tableBytes without its indexes
/// @param vacuumedAt when the last of its vacuums ended
/// @param bytesADay  by which it grew; absent where it was not measured for long enough
public record TableSize(
        String schema,
        String name,
        int partitions,
        long rows,
        long deadRows,
        long tableBytes,
        long indexBytes,
        @Nullable Instant vacuumedAt,
        @Nullable Long bytesADay) {

    public long bytes() {
        return tableBytes + indexBytes;
    }

    public String fullName() {
        return schema + "." + name;
    }

    /// With the table's share of each index; absent for one without rows.
    public @Nullable Long bytesARow() {
        return rows == 0 ? null : bytes() / rows;
    }

    /// Of a hundred rows that lie there.
    public long deadPercent() {
        return deadRows == 0 ? 0 : Math.round(100.0 * deadRows / (rows + deadRows));
    }

    TableSize growing(@Nullable Long bytesADay) {
        return new TableSize(schema, name, partitions, rows, deadRows, tableBytes, indexBytes, vacuumedAt, bytesADay);
    }
}
