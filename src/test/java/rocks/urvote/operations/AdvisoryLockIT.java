package rocks.urvote.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rocks.urvote.testkit.Sockets;
import rocks.urvote.testkit.TestPostgres;

/// Neither side of a connection waits for ever for one that is gone.
class AdvisoryLockIT {

    private String url = "";

    @BeforeEach
    void emptyDatabase() {
        url = TestPostgres.freshDatabase();
    }

    @Test
    void whoeverWaitsForADatabaseAsksWhetherItIsStillThere() throws SQLException {
        assumeTrue(Sockets.areSeen(), "this system does not tell of its sockets");

        try (var connection = DatabaseUrl.parse(url).connect()) {
            int port = port(connection);
            await().until(() -> Sockets.asksFrom(port).isPresent());
        }
        try (var connection = DatabaseUrl.parse(url + "?tcpKeepAlive=false").connect()) {
            assertThat(Sockets.asksFrom(port(connection))).isEmpty();
        }
    }

    @Test
    void theServerSoonAsksWhetherTheHolderOfALockIsStillThere() throws SQLException {
        assumeTrue(Sockets.areSeen(), "this system does not tell of its sockets");

        try (var connection = DatabaseUrl.parse(url).connect()) {
            int port = port(connection);
            assertThat(asked(port)).isGreaterThan(Duration.ofMinutes(2));

            AdvisoryLock.prepare(connection, "urvote test");

            assertThat(asked(port)).isLessThanOrEqualTo(Duration.ofMinutes(1));
        }
    }

    @Test
    void migrationsSayWhomTheyWaitFor() throws SQLException {
        var said = new CopyOnWriteArrayList<String>();
        CompletableFuture<DatabaseUrl> waiting;
        try (var other = DatabaseUrl.parse(url).connect()) {
            other.createStatement().execute("set application_name = 'another node'");
            other.createStatement().execute("select pg_advisory_lock(%d)".formatted(Migrations.LOCK));

            waiting = CompletableFuture.supplyAsync(
                    () -> new Migrations(DatabaseUrl.parse(url), Optional.empty()).run(said::add),
                    Thread::startVirtualThread);

            await().atMost(Duration.ofSeconds(20)).until(() -> !said.isEmpty());
            assertThat(List.copyOf(said))
                    .singleElement()
                    .asString()
                    .startsWith("Waiting for another node (session ")
                    .endsWith(" UTC) ...");
        }
        assertThat(waiting.join().user()).isEqualTo(Roles.APPLICATION);
    }

    /// What was just sent is waited for first.
    private static Duration asked(int port) {
        await().until(() -> Sockets.asksWhoeverHas(port).isPresent());
        return Sockets.asksWhoeverHas(port).orElseThrow();
    }

    private static int port(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("select inet_client_port()")) {
            assertThat(row.next()).isTrue();
            return row.getInt(1);
        }
    }
}
