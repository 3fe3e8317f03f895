package rocks.urvote.clients;

import java.util.List;
import java.util.Optional;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.UserId;
import rocks.urvote.web.Caller;

/// Who may do what at a client. An owner may all that a moderator may; an admin is owner everywhere.
public interface Members {

    enum Role {
        OWNER,
        MODERATOR
    }

    Optional<Role> roleOf(UserId user, ClientId client);

    /// The clients at which somebody has a role.
    List<ClientId> clientsOf(UserId user);

    /// As whom a caller acts on what belongs to this client: admin, member, user or visitor.
    Acting acting(Optional<Caller> caller, ClientId client);

    /// The same for an owner only; anyone else leaves with 403.
    Acting owner(Caller caller, ClientId client);

    /// The same for a member of any role; anyone else leaves with 403.
    Acting member(Caller caller, ClientId client);
}
