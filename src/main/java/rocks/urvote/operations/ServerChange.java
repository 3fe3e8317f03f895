package rocks.urvote.operations;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import rocks.urvote.operations.tuning.Parameter;

/// Tells a running PostgreSQL what it should be told, as its superuser, and says line by line what was done.
///
/// @param printed the command whose output does the same where there is no superuser
record ServerChange(TunedServer server, Connection connection, PrintWriter out, String printed) {

    void make(List<Parameter> parameters) throws SQLException {
        var restart = new ArrayList<String>();
        for (var parameter : parameters) {
            var now = server.now(parameter.name());
            if (now.isPresent()
                    && parameter.accepts(now.get().setting(), now.get().unit())) {
                tell("ok  ", "%s = %s".formatted(parameter.name(), now.get().shown()));
            } else if (now.isPresent() && now.get().fixed()) {
                tell(
                        "warn",
                        "%s = %s was given on the server's command line, should be %s: change it there"
                                .formatted(parameter.name(), now.get().shown(), parameter.value()));
            } else {
                set(parameter.statement());
                boolean later = now.isPresent() && now.get().needsRestart();
                if (later) {
                    restart.add(parameter.name());
                }
                tell(
                        "set ",
                        "%s = %s (was %s)%s: %s"
                                .formatted(
                                        parameter.name(),
                                        parameter.value(),
                                        now.map(TunedServer.Now::shown).orElse("not to be seen"),
                                        later ? " after a restart" : "",
                                        parameter.reason()));
            }
        }
        Migrations.client(connection).sql("select pg_reload_conf()").query().singleRow();
        if (!restart.isEmpty()) {
            tell("todo", "restart PostgreSQL, so that it takes " + String.join(", ", restart));
        }
    }

    private void set(String statement) {
        try (var altering = connection.createStatement()) {
            altering.execute(statement);
        } catch (SQLException e) {
            if ("42501".equals(e.getSQLState())) {
                throw new Command.Failed(
                        "Only a superuser may set this PostgreSQL: set URVOTE_DATABASE_URL to the URL of one for this"
                                + " once, or have postgresql.conf include what '%s' prints".formatted(printed),
                        e);
            }
            throw new Command.Failed("'%s' was refused: %s".formatted(statement, Roles.firstLine(e)), e);
        }
    }

    private void tell(String mark, String what) {
        out.println(mark + " " + what);
        out.flush();
    }
}
