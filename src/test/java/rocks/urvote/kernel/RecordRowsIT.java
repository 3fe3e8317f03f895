package rocks.urvote.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import rocks.urvote.testkit.RunningUrVote;

class RecordRowsIT {

    static RunningUrVote urvote;
    static JdbcClient db;

    enum Colour {
        DEEP_RED
    }

    record Thing(
            UserId owner,
            @Nullable UserId formerOwner,
            Colour colour,
            Instant madeAt,
            @Nullable Instant soldAt,
            LocalDate day,
            String name,
            String details,
            long bytes,
            int pieces,
            @Nullable Integer rest,
            boolean whole,
            UUID token) {}

    private static final String THING = """
        select 7::bigint as owner, null::bigint as former_owner, 'deep_red' as colour,
               '2026-02-03T04:05:06.789Z'::timestamptz as made_at, null::timestamptz as sold_at,
               '2026-02-03'::date as day, 'Ann' as name, '{"a": 1}'::jsonb as details, 5::bigint as bytes,
               :pieces::int as pieces, null::int as rest, true as whole,
               '00000000-0000-0000-0000-000000000001'::uuid as token,
               'of no interest' as more
        """;

    @BeforeAll
    static void start() {
        urvote = RunningUrVote.start();
        db = urvote.bean(JdbcClient.class);
    }

    @AfterAll
    static void stop() {
        urvote.close();
    }

    @Test
    void readsWhatTheDomainSpeaksOf() {
        assertThat(db.sql(THING).param("pieces", 3).query(Thing.class).single())
                .isEqualTo(new Thing(
                        new UserId(7),
                        null,
                        Colour.DEEP_RED,
                        Instant.parse("2026-02-03T04:05:06.789Z"),
                        null,
                        LocalDate.of(2026, 2, 3),
                        "Ann",
                        "{\"a\": 1}",
                        5,
                        3,
                        null,
                        true,
                        new UUID(0, 1)));
    }

    @Test
    void takesNoNullForANumber() {
        assertThatThrownBy(() ->
                        db.sql(THING).param("pieces", null).query(Thing.class).single())
                .hasMessageContaining("null");
    }

    @Test
    void saysWhatIsWrongAsItIs() {
        assertThatThrownBy(() ->
                        db.sql("select 1::bigint as owner").query(Thing.class).list())
                .isInstanceOf(DataAccessException.class)
                .rootCause()
                .hasMessageContaining("former_owner");
        assertThatThrownBy(() -> db.sql("select nothing").query(Thing.class).list())
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("nothing");
    }
}
