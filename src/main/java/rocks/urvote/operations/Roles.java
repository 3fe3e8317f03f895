package rocks.urvote.operations;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import rocks.urvote.kernel.Sql;

/// The four roles of UrVote in one PostgreSQL, made where the login given may make them.
///
/// They belong to the whole server, not to one database: two UrVotes beside each other on one server share them, and
/// have to be given the same login.
final class Roles {

    static final String OWNER = "urvote_owner";
    static final String APPLICATION = "urvote_user";
    static final String READER = "urvote_readonly";
    static final String BACKUP = "urvote_backup";
    static final List<String> ALL = List.of(OWNER, APPLICATION, READER, BACKUP);

    static final String BY_HAND =
            "have a superuser run what 'urvote database create --print' prints, then set URVOTE_DATABASE_URL as it"
                    + " says";

    private final DatabaseUrl url;
    private final Optional<DatabaseUrl> applicationUrl;
    private final Connection connection;
    private final JdbcClient db;

    Roles(DatabaseUrl url, Optional<DatabaseUrl> applicationUrl, Connection connection) {
        this.url = url;
        this.applicationUrl = applicationUrl;
        this.connection = connection;
        this.db = Sql.on(new SingleConnectionDataSource(connection, true));
    }

    /// Makes what is missing and gives the login the application is to use, which is neither superuser nor owner.
    DatabaseUrl make() throws SQLException {
        makeMissing();
        return applicationUrl.isPresent() ? provenByHand(applicationUrl.get()) : withDerivedPassword();
    }

    /// The same without the application's login.
    void makeMissing() throws SQLException {
        var missing = new ArrayList<>(ALL);
        missing.removeAll(existing());
        if (!missing.isEmpty() && !mayMakeRoles()) {
            throw new Command.Failed("%s may not make the missing roles %s in the database: %s"
                    .formatted(url.user(), String.join(", ", missing), BY_HAND));
        }
        for (var role : missing) {
            make(role);
        }
        powerful().ifPresent(role -> {
            throw new Command.Failed(
                    "The role %s in the database must be no superuser and, as the application's, under row level security"
                            .formatted(role));
        });
        becomeMemberOfOwner();
        letBackupsRead();
    }

    List<String> existing() {
        return db.sql("select rolname from pg_roles where rolname in (:roles)")
                .param("roles", ALL)
                .query((row, _) -> row.getString(1))
                .list();
    }

    /// A role of ours that may more than it should.
    Optional<String> powerful() {
        return db.sql("""
            select rolname
              from pg_roles
             where rolname in (:roles)
               and (rolsuper or rolbypassrls and rolname <> :backup)
             limit 1
            """)
                .param("roles", ALL)
                .param("backup", BACKUP)
                .query(String.class)
                .optional();
    }

    boolean mayMakeRoles() {
        return db.sql("select rolsuper or rolcreaterole from pg_roles where rolname = current_user")
                .query(Boolean.class)
                .single();
    }

    /// What a role of ours may, as `create role` has it.
    static String rights(String role) {
        return switch (role) {
            case APPLICATION -> "login";
            case BACKUP -> "nologin bypassrls";
            default -> "nologin";
        };
    }

    private void make(String role) throws SQLException {
        var rights = role.equals(BACKUP) && !mayBypassPolicies() ? "nologin" : rights(role);
        try (var statement = connection.createStatement()) {
            statement.execute("create role " + role + " " + rights);
        } catch (SQLException e) {
            // Roles are the server's: another database's migration may have been a moment faster.
            if (!existing().contains(role)) {
                throw e;
            }
        }
    }

    private boolean mayBypassPolicies() {
        return db.sql("""
            select rolsuper or rolbypassrls and current_setting('server_version_num')::int >= 160000
              from pg_roles
             where rolname = current_user
            """).query(Boolean.class).single();
    }

    private void becomeMemberOfOwner() throws SQLException {
        boolean newer = connection.getMetaData().getDatabaseMajorVersion() >= 16;
        var member = db.sql("select pg_has_role(current_user, :owner, :right)")
                .param("owner", OWNER)
                .param("right", newer ? "SET" : "MEMBER")
                .query(Boolean.class)
                .single();
        if (member) {
            return;
        }
        try (var statement = connection.createStatement()) {
            statement.execute("grant " + OWNER + " to current_user" + (newer ? " with set true, inherit true" : ""));
        } catch (SQLException e) {
            throw new Command.Failed(
                    "%s must be a member of %s in the database: %s".formatted(url.user(), OWNER, BY_HAND), e);
        }
    }

    /// Where this login may not, a backup says what is missing.
    private void letBackupsRead() throws SQLException {
        var readsAll = "select pg_has_role('%s', 'pg_read_all_data', 'USAGE')".formatted(BACKUP);
        if (!db.sql(readsAll).query(Boolean.class).single()) {
            grantIfAllowed("grant pg_read_all_data to " + BACKUP);
        }
        boolean newer = connection.getMetaData().getDatabaseMajorVersion() >= 16;
        var mayAct = db.sql("select pg_has_role(current_user, :backup, :right)")
                .param("backup", BACKUP)
                .param("right", newer ? "SET" : "MEMBER")
                .query(Boolean.class)
                .single();
        if (!mayAct) {
            grantIfAllowed("grant " + BACKUP + " to current_user" + (newer ? " with set true, inherit false" : ""));
        }
    }

    private void grantIfAllowed(String grant) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(grant);
        } catch (SQLException e) {
            // Not allowed; or another database's migration of the same server was a moment faster.
            if (!Set.of("42501", "23505").contains(e.getSQLState())
                    && !firstLine(e).contains("concurrently")) {
                throw e;
            }
        }
    }

    private DatabaseUrl provenByHand(DatabaseUrl application) throws SQLException {
        try (var login = application.connect()) {
            var rights = Sql.on(new SingleConnectionDataSource(login, true))
                    .sql("""
                        select rolsuper or rolbypassrls or pg_has_role(current_user, :owner, 'MEMBER') as too_much,
                               pg_has_role(current_user, :application, 'MEMBER') as enough
                          from pg_roles
                         where rolname = current_user
                        """)
                    .param("owner", OWNER)
                    .param("application", APPLICATION)
                    .query(Rights.class)
                    .single();
            if (rights.tooMuch() || !rights.enough()) {
                throw new Command.Failed(
                        "URVOTE_APP_DATABASE_URL must be the login of %s or of a member of it that is no superuser and no member of %s"
                                .formatted(APPLICATION, OWNER));
            }
            return application;
        } catch (SQLException e) {
            throw new Command.Failed("URVOTE_APP_DATABASE_URL does not let the application in: " + firstLine(e), e);
        }
    }

    private DatabaseUrl withDerivedPassword() throws SQLException {
        var application = url.asApplication();
        if (letsIn(application)) {
            return application;
        }
        if (!mayMakeRoles()) {
            throw new Command.Failed("URVOTE_APP_DATABASE_URL must be set, as %s may not set the password of %s: %s"
                    .formatted(url.user(), APPLICATION, BY_HAND));
        }
        setPassword(ScramSecret.of(application.password()));
        try (var _ = application.connect()) {
            return application;
        } catch (SQLException e) {
            throw new Command.Failed(
                    "The database does not let its role %s in: %s".formatted(APPLICATION, firstLine(e)), e);
        }
    }

    private void setPassword(ScramSecret secret) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try (var statement = connection.createStatement()) {
                statement.execute("alter role %s password '%s'".formatted(APPLICATION, secret.text()));
                return;
            } catch (SQLException e) {
                // Two databases of one server that migrate at once alter the same row.
                if (attempt == 5 || !firstLine(e).contains("concurrently")) {
                    throw e;
                }
            }
        }
    }

    private static boolean letsIn(DatabaseUrl login) {
        try (var _ = login.connect()) {
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    static String firstLine(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
    }

    private record Rights(boolean tooMuch, boolean enough) {}
}
