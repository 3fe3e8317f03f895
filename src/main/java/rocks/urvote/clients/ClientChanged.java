package rocks.urvote.clients;

import java.time.Instant;
import java.util.Map;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.Difference;
import rocks.urvote.kernel.Fact;

public record ClientChanged(ClientId client, Map<String, Difference> changes, Instant at) implements Fact {}
