package rocks.urvote.operations.backups;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.simple.JdbcClient;
import rocks.urvote.operations.Command;
import rocks.urvote.operations.DatabaseUrl;
import rocks.urvote.operations.Databases;
import rocks.urvote.operations.Proof;

/// Makes of an empty database and a backup the database that was backed up, and makes sure that it is: rows and
/// checksums, sequences, the guard, and what each module knows to be true.
///
/// @param throwaway whether the database is dropped again, whatever comes of it
record Restoration(Databases databases, DatabaseUrl target, Optional<String> tools, boolean throwaway) {

    private static final Duration LEAVING = Duration.ofSeconds(5);

    /// Ends with a database that is as it was and up to date; or with a [Command.Failed] that says why not, and a
    /// database that is as empty as before, since nobody may serve what is not whole.
    void from(Path dump, Manifest manifest) throws IOException {
        try {
            refuseUnlessEmpty();
        } catch (SQLException e) {
            throw refused(e, e);
        }
        try {
            restore(dump, manifest);
        } catch (IOException | RuntimeException e) {
            if (!throwaway) {
                empty(e);
            }
            throw e;
        }
    }

    private void restore(Path dump, Manifest manifest) throws IOException {
        try {
            switch (manifest.format()) {
                case COPY -> copy(dump, manifest);
                case PG_DUMP -> pgRestore(dump, manifest);
            }
            databases.migrate(target);
            prove();
        } catch (SQLException e) {
            throw refused(e, e);
        } catch (UncategorizedSQLException e) {
            throw refused(e.getSQLException() == null ? new SQLException(e) : e.getSQLException(), e);
        } catch (DataAccessException e) {
            throw refused(e.getCause() instanceof SQLException cause ? cause : new SQLException(e), e);
        }
    }

    private Command.Failed refused(SQLException reason, Exception e) {
        return new Command.Failed("The database %s refused: %s".formatted(target.name(), Sql.firstLine(reason)), e);
    }

    private void empty(Exception reason) {
        try (var connection = databases.connect(target)) {
            refuseWhileOthersAreThere(Sql.client(connection));
            for (var schema : Databases.SCHEMAS) {
                Sql.execute(connection, "drop schema if exists %s cascade".formatted(schema));
            }
        } catch (SQLException | Command.Failed e) {
            reason.addSuppressed(e);
            throw new Command.Failed(
                    "%s; and the database %s still holds it (%s): drop its schemas %s"
                            .formatted(
                                    reason.getMessage(),
                                    target.name(),
                                    e instanceof SQLException sql ? Sql.firstLine(sql) : e.getMessage(),
                                    String.join(", ", Databases.SCHEMAS)),
                    reason);
        }
    }

    /// It was empty when this began; but a second restore, or a node, may have come meanwhile, and what is theirs is
    /// not taken away. Sessions of this restore itself are gone within a moment.
    private static void refuseWhileOthersAreThere(JdbcClient db) {
        var end = System.nanoTime() + LEAVING.toNanos();
        while (db.sql("""
            select count(*) > 0
              from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid() and usesysid is not null
            """).query(Boolean.class).single()) {
            if (System.nanoTime() > end) {
                throw new Command.Failed("others are connected to it, whose it may be");
            }
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    void refuseUnlessEmpty() throws SQLException {
        try (var connection = databases.connect(target)) {
            var tables = Sql.client(connection)
                    .sql("""
                        select n.nspname || '.' || c.relname
                          from pg_class c
                          join pg_namespace n on n.oid = c.relnamespace
                         where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
                           and n.nspname !~ '^(pg_|information_schema$)'
                           and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
                         order by 1
                        """)
                    .query((row, _) -> row.getString(1))
                    .list();
            if (!tables.isEmpty()) {
                throw new Command.Failed("The database %s at %s is not empty (%s%s): restore into an empty one"
                        .formatted(
                                target.name(),
                                target.hosts(),
                                String.join(", ", tables.subList(0, Math.min(3, tables.size()))),
                                tables.size() > 3 ? " and %d more".formatted(tables.size() - 3) : ""));
            }
        }
    }

    private void copy(Path dump, Manifest manifest) throws SQLException, IOException {
        databases.migrateTo(manifest.schemaVersions(), target);
        try (var connection = connect();
                var tables = new OpenTables(connection)) {
            new CopyLoad(tables, manifest, throwaway).load(dump);
            refuseDifferences(connection, manifest);
            tables.commit();
        }
    }

    private void pgRestore(Path dump, Manifest manifest) throws SQLException, IOException {
        databases.migrateTo(Map.of(), target);
        int server;
        try (var connection = connect()) {
            server = connection.getMetaData().getDatabaseMajorVersion();
        }
        PgTools.forServer(server, tools)
                .orElseThrow(() -> new Command.Failed(
                        "This backup is %s's: to restore it, install the client tools of PostgreSQL %d or newer, or name their folder in URVOTE_PG_TOOLS"
                                .formatted(manifest.tool(), server)))
                .restore(dump, target);
        try (var connection = connect();
                var tables = new OpenTables(connection)) {
            refuseDifferences(tables.connection(), manifest);
        }
    }

    private Connection connect() throws SQLException {
        var connection = databases.connect(target);
        if (throwaway) {
            Sql.execute(connection, "set synchronous_commit = off");
        }
        return connection;
    }

    private static void refuseDifferences(Connection connection, Manifest manifest) throws SQLException {
        var catalogue = new Catalogue(connection);
        var there = catalogue.tables().stream().collect(Collectors.toMap(Manifest.Table::name, table -> table));
        var differences = new ArrayList<String>();
        for (var expected : manifest.tables()) {
            var found = there.get(expected.name());
            if (found == null) {
                differences.add(expected.name() + " is missing");
            } else {
                differences.addAll(Catalogue.differences(
                        expected,
                        catalogue.counted(
                                found.allColumns().size()
                                                == expected.allColumns().size()
                                        ? expected
                                        : found)));
            }
        }
        differences.addAll(sequencesBehind(catalogue, manifest));
        if (!differences.isEmpty()) {
            throw new Command.Failed("What was restored is not what was backed up, and is not kept: %s"
                    .formatted(shortened(differences)));
        }
    }

    /// `pg_dump` reads them a moment later than they were noted, so they may be ahead.
    private static List<String> sequencesBehind(Catalogue catalogue, Manifest manifest) throws SQLException {
        var values = new HashMap<String, Long>();
        for (var sequence : catalogue.sequences()) {
            values.put(sequence.name(), sequence.lastValue());
        }
        return manifest.sequences().stream()
                .filter(sequence -> values.getOrDefault(sequence.name(), Long.MIN_VALUE) < sequence.lastValue())
                .map(sequence -> "%s is behind %d".formatted(sequence.name(), sequence.lastValue()))
                .toList();
    }

    private void prove() throws SQLException {
        var faults = new ArrayList<String>();
        try (var connection = connect();
                var tables = new OpenTables(connection)) {
            for (var proof : databases.parts(Proof.class)) {
                faults.addAll(proof.faults(tables.connection()));
            }
        }
        if (!faults.isEmpty()) {
            throw new Command.Failed("What was backed up contradicts itself: " + shortened(faults));
        }
    }

    private static String shortened(List<String> sentences) {
        return String.join("; ", sentences.subList(0, Math.min(5, sentences.size())))
                + (sentences.size() > 5 ? "; and %d more".formatted(sentences.size() - 5) : "");
    }
}
