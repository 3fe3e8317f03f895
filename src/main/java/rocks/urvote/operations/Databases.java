package rocks.urvote.operations;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whole databases, with the rights of whoever set UrVote up: for what backs one up, restores it, or drops it again.
/// No bean of the application that serves has such a thing.
public interface Databases {

    String OWNER = Roles.OWNER;
    String BACKUP = Roles.BACKUP;
    String SEARCH_PATH = Migrations.SEARCH_PATH;

    /// Every schema UrVote has, one for each service.
    List<String> SCHEMAS = Migrations.SERVICES;

    /// The one this UrVote works on, running.
    DatabaseUrl own();

    /// The folder in which the server keeps it, where that is on a disk of this machine and UrVote's: the embedded
    /// one's.
    Optional<Path> folder();

    /// Refuses a PostgreSQL that is too old.
    Connection connect(DatabaseUrl url);

    /// Gives an empty database the roles, the schemas, and the tables that each of the services named had at its
    /// version. Refuses a version that this UrVote does not know.
    void migrateTo(Map<String, String> versions, DatabaseUrl url);

    /// Brings a database to what this UrVote needs, and refuses one whose tables are not guarded.
    void migrate(DatabaseUrl url);

    /// One of each class of UrVote that is of this kind.
    <T> List<T> parts(Class<T> kind);
}
