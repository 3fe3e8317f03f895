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

    /// The same contest at another moment of the database's clock.
    Contest at(Instant now) {
        var then = !isActive
                ? State.DRAFT
                : now.isBefore(startDate) ? State.UPCOMING : now.isBefore(endDate) ? State.OPEN : State.CLOSED;
        var opens = settings.submissionsOpen() == null ? startDate : settings.submissionsOpen();
        var closes = settings.submissionsClose() == null ? endDate : settings.submissionsClose();
        var takes = isActive && !now.isBefore(opens) && now.isBefore(closes);
        return then == state && takes == takesSubmissions
                ? this
                : new Contest(
                        id,
                        client,
                        name,
                        description,
                        startDate,
                        endDate,
                        isActive,
                        maxEntriesPerUser,
                        votingEnabled,
                        rules,
                        prizes,
                        settings,
                        then,
                        takes);
    }

    public boolean takesVotes() {
        return state == State.OPEN && votingEnabled;
    }
}
