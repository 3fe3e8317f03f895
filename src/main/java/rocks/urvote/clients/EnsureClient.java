package rocks.urvote.clients;

import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.UserId;

/// Makes clients for importers and demos, inside a transaction for an admin; what is there already stays as it is.
public interface EnsureClient {

    /// The client of this name, without regard to case and blanks; made with a slug from the name where there is none.
    Ensured ensure(String name);

    /// The client of the brand's name; made as the brand says where there is none.
    Ensured ensure(Brand brand);

    void ensureMember(ClientId client, UserId user, Members.Role role);

    record Ensured(Client client, boolean added) {}
}
