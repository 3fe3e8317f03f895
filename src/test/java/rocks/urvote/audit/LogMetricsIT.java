package rocks.urvote.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import rocks.urvote.operations.Chore;
import rocks.urvote.operations.ChoreBook;
import rocks.urvote.testkit.Api;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;

/// Two nodes tell of one audit log.
class LogMetricsIT {

    private static RunningUrVote one;
    private static RunningUrVote other;
    private static JdbcClient database;
    private static Api admin;

    @BeforeAll
    static void start() {
        one = RunningUrVote.start();
        other = RunningUrVote.start(Map.of("URVOTE_DATABASE_URL", one.databaseUrl()));
        database = new Stage(one).database();
        admin = Api.admin(one, "keeper");
        await().until(() -> one.bean(ChoreBook.class).entries().stream()
                .anyMatch(entry -> entry.chore().equals("prove the audit log")
                        && entry.lastDone().isPresent()));
    }

    @AfterAll
    static void stop() {
        other.close();
        one.close();
    }

    @Test
    void everyNodeSaysWhatTheNewestProofFoundAndEachWhatItMisses() throws Exception {
        seal(one);
        database.sql("create table public.aside as"
                        + " select * from identity.audit_log where id = (select min(id) from identity.audit_log)")
                .update();
        database.sql("delete from identity.audit_log where id in (select id from public.aside)")
                .update();
        prove(one);
        awaitFaults(one, 1);
        awaitFaults(other, 1);

        try (var restarted = RunningUrVote.start(Map.of("URVOTE_DATABASE_URL", one.databaseUrl()))) {
            awaitFaults(restarted, 1);
        }

        database.sql("insert into identity.audit_log overriding system value select * from public.aside")
                .update();
        prove(other);
        awaitFaults(other, 0);
        awaitFaults(one, 0);

        // The other may seal at any time; what a machine has sealed itself it has seen.
        long before;
        do {
            before = newestSeal();
            database.sql("""
                insert into identity.audit_log (happened_at, fact, actor_role, detail)
                values (now(), 'Seen', 'chore', '{}')
                """).update();
        } while (seal(one).startsWith("0 lines"));
        // With their lines, as a seal of the same lines is the same one.
        database.sql("""
            with gone as (delete from identity.audit_seals where no > :before returning ids)
            delete from identity.audit_log a using gone where a.id <@ gone.ids
            """).param("before", before).update();
        seal(one);
        awaitFaults(one, 1);
    }

    private static long newestSeal() {
        return database.sql("select coalesce(max(no), 0) from identity.audit_seals")
                .query(Long.class)
                .single();
    }

    private static String seal(RunningUrVote node) throws Exception {
        return node.beans(Chore.class).stream()
                .filter(chore -> chore.name().equals("seal the audit log"))
                .findFirst()
                .orElseThrow()
                .run();
    }

    private static void prove(RunningUrVote node) {
        var answer = admin.at(node).form("/admin/chores", Map.of("chore", "prove the audit log"));
        assertThat(answer.status()).as(answer.text()).isEqualTo(303);
    }

    /// A node looks every ten seconds.
    private static void awaitFaults(RunningUrVote node, int faults) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(node.bean(MeterRegistry.class)
                                .get("urvote.audit.faults")
                                .gauge()
                                .value())
                        .isEqualTo(faults));
    }
}
