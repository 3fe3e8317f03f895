package rocks.urvote.clients;

import java.time.Instant;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.Fact;

public record ClientAdded(ClientId client, String slug, String name, Instant at) implements Fact {}
