package rocks.urvote.operations.care;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What PostgreSQL counts about a table (`pg_stat_user_tables`), and what follows from it.
///
/// @param name     with its schema, quoted as SQL wants it
/// @param live     rows
/// @param dead     rows that a change or removal left behind
/// @param inserted rows since it was last vacuumed, by anyone
/// @param changed  rows since it was last analysed
/// @param age      of its oldest transaction number that is not frozen
/// @param vacuumed when it was last vacuumed on demand; autovacuum does not count
/// @param month    of which it is the partition
record TableState(
        String name,
        long live,
        long dead,
        long inserted,
        long changed,
        long age,
        @Nullable Instant vacuumed,
        @Nullable YearMonth month) {

    /// Autovacuum comes for a fifth of dead rows, or of new ones: of a hundred million that is late.
    private static final long FEW_DEAD = 1_000;
    private static final double DEAD = 0.05;
    private static final long FEW_INSERTED = 10_000;
    private static final double INSERTED = 0.10;
    private static final long FEW_CHANGED = 1_000;
    private static final double CHANGED = 0.05;

    /// Before autovacuum must freeze it (`autovacuum_freeze_max_age`, 200 million), whatever else goes on then.
    private static final long OLD = 150_000_000;

    sealed interface Need {

        String why();

        record Vacuum(String why) implements Need {}

        record Freeze(String why) implements Need {}

        record Analyze(String why) implements Need {}
    }

    /// What there is to do; empty where nothing is.
    ///
    /// @param oldest the oldest month to which votes may still come
    Optional<Need> need(YearMonth oldest) {
        if (month != null && month.isBefore(oldest)) {
            if (vacuumed == null || vacuumed.isBefore(oldBy())) {
                return live + dead + inserted == 0 && vacuumed != null
                        ? Optional.empty()
                        : Optional.of(new Need.Freeze("no votes come to this month any more"));
            }
            if (dead + inserted > 0) {
                return Optional.of(new Need.Freeze("%,d rows changed after it was frozen".formatted(dead + inserted)));
            }
            return Optional.empty();
        }
        if (age > OLD) {
            return Optional.of(new Need.Freeze("its transaction numbers are %,d old".formatted(age)));
        }
        if (dead > FEW_DEAD && dead > live * DEAD) {
            return Optional.of(new Need.Vacuum("%,d dead rows beside %,d".formatted(dead, live)));
        }
        if (inserted > FEW_INSERTED && inserted > live * INSERTED) {
            return Optional.of(new Need.Vacuum("%,d new rows among %,d".formatted(inserted, live)));
        }
        if (changed > FEW_CHANGED && changed > live * CHANGED) {
            return Optional.of(new Need.Analyze("%,d changes to %,d rows".formatted(changed, live)));
        }
        return Optional.empty();
    }

    /// From when on no votes came to its month: that one and the next are open.
    private Instant oldBy() {
        if (month == null) {
            throw new IllegalStateException(name + " is no partition");
        }
        return month.plusMonths(2).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
