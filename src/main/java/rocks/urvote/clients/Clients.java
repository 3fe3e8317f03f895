package rocks.urvote.clients;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rocks.urvote.kernel.ClientId;

/// Every client: they are public.
public interface Clients {

    Optional<Client> find(ClientId client);

    Optional<Client> withSlug(String slug);

    Map<ClientId, Client> find(Collection<ClientId> clients);

    /// All of them, by name.
    List<Client> all();
}
