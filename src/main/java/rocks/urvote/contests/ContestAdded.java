package rocks.urvote.contests;

import java.time.Instant;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.Fact;

public record ContestAdded(
        ContestId contest, ClientId client, String name, Instant startDate, Instant endDate, Instant at)
        implements Fact {}
