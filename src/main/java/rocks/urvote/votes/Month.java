package rocks.urvote.votes;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;

/// A month of votes and ballots, and the names of its two tables.
record Month(YearMonth month) {

    /// Locked in this order, as the statement that casts votes does.
    static final List<String> PARENTS = List.of("ballots", "votes");

    static Month of(LocalDate day) {
        return new Month(YearMonth.from(day));
    }

    LocalDate first() {
        return month.atDay(1);
    }

    LocalDate next() {
        return month.plusMonths(1).atDay(1);
    }

    /// `contest.votes_2027_01`
    String table(String parent) {
        return "contest.%s_%04d_%02d".formatted(parent, month.getYear(), month.getMonthValue());
    }

    /// `2027-01`
    @Override
    public String toString() {
        return month.toString();
    }
}
