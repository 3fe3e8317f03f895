package rocks.urvote.songs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import rocks.urvote.contests.ContestId;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.UserId;
import tools.jackson.databind.json.JsonMapper;

class OutboxTests {

    @Test
    void readsAFactBackAsItWasWritten() {
        var json = new JsonMapper();
        var fact = new SongRejected(
                new SongId(4711),
                new ContestId(2),
                new ClientId(3),
                new UserId(4),
                new UserId(5),
                "too loud",
                Instant.parse("2026-11-23T11:12:13.123456Z"));

        var again = json.readValue(json.writeValueAsString(fact), SongRejected.class);

        assertThat(again).isEqualTo(fact);
    }
}
