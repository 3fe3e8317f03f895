package rocks.urvote;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import rocks.urvote.testkit.FakeClockPostgres;

/// UrVote with a clock that a test turns, together with that of its PostgreSQL.
@Import(UrVote.class)
public class FastClock {

    private static volatile Duration ahead = Duration.ZERO;

    @Bean
    @Primary
    Clock turnedClock() {
        return new Turned();
    }

    /// From now on it is this moment, here and in the database, and time goes on.
    public static void set(Instant moment) {
        ahead = Duration.between(Instant.now(), moment);
        FakeClockPostgres.set(moment);
    }

    private static final class Turned extends Clock {

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("It is in UTC");
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(ahead);
        }
    }
}
