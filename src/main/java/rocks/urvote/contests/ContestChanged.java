package rocks.urvote.contests;

import java.time.Instant;
import java.util.Map;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.Difference;
import rocks.urvote.kernel.Fact;

public record ContestChanged(ContestId contest, ClientId client, Map<String, Difference> changes, Instant at)
        implements Fact {}
