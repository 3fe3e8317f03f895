package rocks.urvote.contests;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an owner decides about a contest.
public record ContestPlan(
        String name,
        @Nullable String description,
        Instant startDate,
        Instant endDate,
        int maxEntriesPerUser,
        boolean votingEnabled,
        boolean isActive,
        @Nullable String rules,
        List<String> prizes,
        ContestSettings settings) {

    public ContestPlan {
        prizes = List.copyOf(prizes);
    }
}
