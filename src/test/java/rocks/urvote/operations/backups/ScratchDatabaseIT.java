package rocks.urvote.operations.backups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static rocks.urvote.operations.backups.BackupStage.execute;
import static rocks.urvote.operations.backups.BackupStage.rows;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rocks.urvote.operations.Databases;
import rocks.urvote.operations.TestDatabases;
import rocks.urvote.testkit.Stage;
import rocks.urvote.testkit.TestPostgres;

/// The database beside UrVote's own, for a login that may make databases and is no superuser, as the guide sets it up.
class ScratchDatabaseIT {

    private String superuser = "";
    private String keeper = "";
    private Databases databases;

    @BeforeEach
    void keeper() throws ClassNotFoundException {
        superuser = TestPostgres.freshDatabase();
        var name = Stage.unique("keeper");
        execute(superuser, "create role %s login createdb password 'kept safe'".formatted(name));
        keeper = BackupStage.as(superuser, name, "kept%20safe");
        databases = TestDatabases.of(keeper);
    }

    @AfterEach
    void asBefore() {
        execute(superuser, "alter system reset autovacuum_naptime", "select pg_reload_conf()");
    }

    /// Autovacuum comes to what was just filled, and belongs to nobody who could be made to leave.
    @Test
    void isDroppedWhileAutovacuumIsAtWorkInIt() throws SQLException {
        var scratch = ScratchDatabase.make(databases);
        autovacuumComesTo(scratch);

        scratch.close();

        assertThat(exists(scratch)).isFalse();
    }

    @Test
    void isSweptWhileAutovacuumIsAtWorkInIt() throws SQLException {
        var left = ScratchDatabase.make(databases);
        autovacuumComesTo(left);

        ScratchDatabase.sweep(databases);

        assertThat(exists(left)).isFalse();
    }

    /// Two UrVotes on one server have the same login.
    @Test
    void isLeftToTheDatabaseThatItProvesABackupOf() throws Exception {
        var another = BackupStage.missing(keeper);
        execute(keeper, "create database " + another.substring(another.lastIndexOf('/') + 1));
        try (var scratch = ScratchDatabase.make(databases)) {
            ScratchDatabase.sweep(TestDatabases.of(another));

            assertThat(exists(scratch)).isTrue();
        }
    }

    /// It works so slowly that it is still there when the database is to go.
    private void autovacuumComesTo(ScratchDatabase scratch) throws SQLException {
        try (var connection = databases.connect(scratch.url())) {
            Sql.execute(connection, """
                create table filled (n) with (autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1,
                                              autovacuum_vacuum_threshold = 0, autovacuum_vacuum_insert_threshold = 0)
                    as select generate_series(1, 100000)
                """);
            Sql.execute(connection, "delete from filled where n % 2 = 0");
        }
        execute(superuser, "alter system set autovacuum_naptime = '1s'", "select pg_reload_conf()");
        var worker = """
            select pid from pg_stat_activity
             where datname = '%s' and backend_type = 'autovacuum worker' and query like '%%filled%%'
            """.formatted(scratch.url().name());
        await().atMost(Duration.ofMinutes(2))
                .until(() -> !rows(superuser, worker).isEmpty());
    }

    private boolean exists(ScratchDatabase scratch) {
        return rows(superuser, "select datname from pg_database")
                .contains(scratch.url().name());
    }
}
