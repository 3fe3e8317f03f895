package rocks.urvote.contests;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rocks.urvote.kernel.ClientId;

/// A contest as it stands at the database's present moment.
public record Contest(
        ContestId id,
        ClientId client,
        String name,
        @Nullable String description,
        Instant startDate,
        Instant endDate,
        boolean isActive,
        int maxEntriesPerUser,
        boolean votingEnabled,
        @Nullable String rules,
        List<String> prizes,
        ContestSettings settings,
        State state,
        boolean takesSubmissions) {

    /// Derived from the row and the database's clock, never stored.
    public enum State {
        DRAFT,
        UPCOMING,
        OPEN,
        CLOSED
    }

    public boolean takesVotes() {
        return state == State.OPEN && votingEnabled;
    }
}
