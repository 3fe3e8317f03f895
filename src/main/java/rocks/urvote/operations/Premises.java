package rocks.urvote.operations;

import java.nio.file.Path;
import java.util.Optional;

/// Where the things of this UrVote lie, for whoever looks after them.
///
/// @param login    what this process logs in to the database as, to look and no more
/// @param embedded whether the database lies in the data folder
/// @param data     the data folder
/// @param replica  where it is set, with a login that may ask it how far it is
public record Premises(DatabaseUrl login, boolean embedded, Path data, Backups backups, Optional<DatabaseUrl> replica) {

    /// For a command: as whoever set UrVote up.
    static Premises ofOwner(Settings settings, DatabaseUrl login) {
        return new Premises(
                login.forLooking(),
                settings.databaseUrl().isEmpty(),
                settings.dataDir(),
                Backups.of(settings),
                settings.replicaUrl().map(DatabaseUrl::forLooking));
    }

    /// For the application, which has one login on all servers: what it may on one it may on the others.
    static Premises ofApplication(Settings settings, DatabaseUrl login) {
        return new Premises(
                login.forLooking(),
                settings.databaseUrl().isEmpty(),
                settings.dataDir(),
                Backups.of(settings),
                settings.replicaUrl().map(replica -> replica.as(login).forLooking()));
    }
}
