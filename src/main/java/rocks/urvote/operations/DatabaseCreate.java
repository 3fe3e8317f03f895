package rocks.urvote.operations;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;

/// Makes what a superuser has to make, once, and says what to set so that UrVote needs no superuser any more.
@CommandLine.Command(
        name = "database create",
        description = {
            "Makes the database, its roles and their rights, and prints the URL to set.",
            "URVOTE_DATABASE_URL is a superuser's here; its last part names the database ('urvote' where it is"
                    + " 'postgres')."
        })
final class DatabaseCreate implements Command {

    private static final Set<String> NOT_OURS = Set.of("postgres", "template0", "template1");
    private static final int LONGEST_NAME = 63;

    private final Shell shell;

    @CommandLine.Option(
            names = "--print",
            description = "Print the SQL for psql instead, and what to set on the error output.")
    private boolean print;

    @CommandLine.Option(
            names = "--login",
            defaultValue = "urvote_admin",
            description = "The login UrVote gets (${DEFAULT-VALUE}).")
    private String login = "urvote_admin";

    @CommandLine.Option(
            names = "--new-password",
            description = "Give the login and the application new passwords, where they have some.")
    private boolean newPassword;

    DatabaseCreate(Shell shell) {
        this.shell = shell;
    }

    @Override
    public int run(Beans beans) throws SQLException {
        checkLogin();
        var given = shell.settings()
                .databaseUrl()
                .or(() -> print ? Optional.of(somewhere()) : Optional.empty())
                .orElseThrow(() -> new Failed(
                        "URVOTE_DATABASE_URL must be the URL of a superuser of the PostgreSQL in which the database is"
                                + " to be made; the embedded one needs no 'database create'"));
        var owner = owner(given);
        checkName(owner.name());
        if (print) {
            shell.out().print(plan(owner).script());
            shell.out().flush();
            tellSettings(owner);
            return 0;
        }
        try (var connection = connect(given)) {
            make(plan(owner), connection, owner);
            return 0;
        }
    }

    private void checkLogin() {
        if (!login.matches("[a-z_][a-z0-9_]{0,62}") || login.startsWith("pg_") || Roles.ALL.contains(login)) {
            throw new WrongUsage(
                    "--login must be a role's name of small letters, digits and _ that is none of PostgreSQL's own and none of %s, not '%s'"
                            .formatted(String.join(", ", Roles.ALL), login.replaceAll("\\p{Cntrl}", "?")));
        }
    }

    private static void checkName(String name) {
        if (name.codePoints().anyMatch(Character::isISOControl)
                || name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
            throw new Failed("URVOTE_DATABASE_URL must end in a database's name of at most %d bytes without control"
                            .formatted(LONGEST_NAME)
                    + " characters");
        }
    }

    /// Where nothing is set: what is printed is for the PostgreSQL of this machine.
    private static DatabaseUrl somewhere() {
        return new DatabaseUrl("postgres", newPassword(), "localhost:5432", "urvote", Map.of());
    }

    /// UrVote's own URL. A password that is set already is taken as it is.
    private DatabaseUrl owner(DatabaseUrl given) {
        var name = NOT_OURS.contains(given.name()) ? "urvote" : given.name();
        var password = given.user().equals(login) ? ascii("URVOTE_DATABASE_URL", given.password()) : newPassword();
        return new DatabaseUrl(login, password, given.hosts(), name, given.parameters());
    }

    private DatabasePlan plan(DatabaseUrl owner) {
        var application = shell.settings()
                .appDatabaseUrl()
                .map(url -> {
                    if (!url.user().equals(Roles.APPLICATION)) {
                        throw new Failed("URVOTE_APP_DATABASE_URL must be the login of %s, not of %s"
                                .formatted(Roles.APPLICATION, url.user()));
                    }
                    return ascii("URVOTE_APP_DATABASE_URL", url.password());
                })
                .orElseGet(() -> owner.asApplication().password());
        return new DatabasePlan(
                owner.name(), login, ScramSecret.of(owner.password()), ScramSecret.of(application), newPassword);
    }

    private void make(DatabasePlan plan, Connection connection, DatabaseUrl owner) throws SQLException {
        var db = Migrations.client(connection);
        var host = owner.hosts();
        db.sql("select pg_advisory_lock(:lock)")
                .param("lock", Migrations.LOCK)
                .query()
                .singleRow();
        var steps = plan.steps();
        for (var step : steps) {
            if (step instanceof DatabasePlan.Step.Demand(var query)) {
                rows(connection, query).stream().findFirst().ifPresent(complaint -> {
                    throw new Failed("The database at %s: %s".formatted(host, complaint));
                });
            }
        }
        boolean passwordSet = false;
        for (var step : steps) {
            if (step instanceof DatabasePlan.Step.Make(var what, var query)) {
                boolean made = make(connection, what, query);
                passwordSet |= made && what.equals("password of " + login);
            }
        }
        if (passwordSet) {
            tellSettings(owner);
            proveLogins(owner);
        } else {
            shell.out().println();
            shell.out().println("All was there already. URVOTE_DATABASE_URL is the one printed when it was made;");
            shell.out().println("'urvote database create --new-password' prints another.");
        }
    }

    /// Whether there was anything to do.
    private boolean make(Connection connection, String what, String query) throws SQLException {
        var statements = rows(connection, query);
        for (var sql : statements) {
            try (var statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new Failed("%s could not be made: %s".formatted(what, Roles.firstLine(e)), e);
            }
        }
        shell.out().println((statements.isEmpty() ? "there  " : "made   ") + what);
        shell.out().flush();
        return !statements.isEmpty();
    }

    private static List<String> rows(Connection connection, String query) throws SQLException {
        var rows = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(query)) {
            while (result.next()) {
                rows.add(result.getString(1));
            }
        }
        return rows;
    }

    private void tellSettings(DatabaseUrl owner) {
        var to = print ? shell.err() : shell.out();
        to.println();
        to.println(
                print
                        ? "Once that SQL has been run, put this into .env. It is shown this once (a login that is"
                                + " there already keeps its password):"
                        : "Put this into .env, in place of the superuser's. It is shown this once:");
        to.println();
        to.println("URVOTE_DATABASE_URL=" + owner.withPassword());
        shell.settings()
                .appDatabaseUrl()
                .ifPresent(application -> to.println("URVOTE_APP_DATABASE_URL=" + application.withPassword()));
        to.flush();
    }

    private void proveLogins(DatabaseUrl owner) {
        for (var url : List.of(owner, shell.settings().appDatabaseUrl().orElseGet(owner::asApplication))) {
            refusal(url).ifPresent(e -> {
                throw new Failed(
                        "All is made, but the database at %s does not let %s in: %s; look at its pg_hba.conf"
                                .formatted(url.hosts(), url.user(), Roles.firstLine(e)),
                        e);
            });
        }
    }

    /// To a database that is there.
    private static Connection connect(DatabaseUrl given) {
        var usual = given.named("postgres");
        boolean missing = refusal(usual).map(SQLException::getSQLState).equals(Optional.of("3D000"));
        return new Migrations(missing ? given.named("template1") : usual, Optional.empty()).connect();
    }

    private static Optional<SQLException> refusal(DatabaseUrl url) {
        try (var _ = url.connect()) {
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of(e);
        }
    }

    private static String ascii(String setting, String password) {
        if (!password.matches("[\\x20-\\x7e]+")) {
            throw new Failed("%s must have a password of plain ASCII characters (the value given is not shown)"
                    .formatted(setting));
        }
        return password;
    }

    private static String newPassword() {
        var random = new byte[24];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }
}
