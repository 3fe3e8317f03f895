package rocks.urvote.kernel;

import org.jspecify.annotations.Nullable;

/// For whom a transaction is made. Row level security lets it see and change what this one may, and nothing else.
public record Acting(
        Role role, @Nullable UserId user, @Nullable ClientId client) {

    /// The words of `urvote.role`, which the policies of the database know.
    public enum Role {
        /// Sees what is public.
        VISITOR,
        /// A signed-in person: what is public, and what is theirs.
        USER,
        /// A member of a client: also what is that client's.
        MEMBER,
        /// An owner of a client: also its contests, its members and its face.
        OWNER,
        /// Everything, on every client.
        ADMIN,
        /// Accounts, codes and sessions before anyone is signed in.
        SIGN_IN,
        /// Reads which client a thing belongs to, before the real role is known.
        LOOKUP,
        /// Writes ballots, votes and tallies.
        BALLOT_BOX,
        /// The program's own work in the background.
        CHORE
    }

    public static final Acting VISITOR = new Acting(Role.VISITOR, null, null);
    public static final Acting SIGN_IN = new Acting(Role.SIGN_IN, null, null);
    public static final Acting LOOKUP = new Acting(Role.LOOKUP, null, null);
    public static final Acting CHORE = new Acting(Role.CHORE, null, null);

    public static Acting user(UserId user) {
        return new Acting(Role.USER, user, null);
    }

    public static Acting member(UserId user, ClientId client) {
        return new Acting(Role.MEMBER, user, client);
    }

    public static Acting owner(UserId user, ClientId client) {
        return new Acting(Role.OWNER, user, client);
    }

    public static Acting admin(UserId user) {
        return new Acting(Role.ADMIN, user, null);
    }

    /// Keeps the ballots, and remembers whose vote it is.
    public static Acting ballotBox(UserId voter) {
        return new Acting(Role.BALLOT_BOX, voter, null);
    }
}
