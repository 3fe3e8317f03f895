package rocks.urvote.operations;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/// When a [Chore] is due. All of it is a function of when the last runs began, so that every node comes to the same.
public sealed interface Schedule {

    /// As it is told to people: `every hour`, `every day at 03:00`.
    String words();

    /// When the next run is due after one that began then.
    Instant after(Instant run);

    /// How long after a run failed it is tried again, if it failed this often in a row.
    Duration retry(int failures);

    /// How long a run that was missed waits once a node has started.
    Duration afterStart();

    static Schedule every(Duration period) {
        return new Every(period);
    }

    /// At an hour of this machine's day.
    static Schedule daily(int hour) {
        return new Daily(hour, ZoneId.systemDefault());
    }

    /// Again and again. A failure is retried after a minute, then two, four, eight, at most an hour.
    record Every(Duration period) implements Schedule {

        private static final int MOST_DOUBLINGS = 6;
        private static final Duration LONGEST = Duration.ofHours(1);

        public Every {
            if (!period.isPositive()) {
                throw new IllegalArgumentException("Every %s is no schedule".formatted(period));
            }
        }

        @Override
        public String words() {
            if (period.toMinutes() < 60) {
                return count("minute", period.toMinutes());
            }
            return period.toHours() < 24 ? count("hour", period.toHours()) : count("day", period.toDays());
        }

        private static String count(String unit, long n) {
            return n == 1 ? "every " + unit : "every %d %ss".formatted(n, unit);
        }

        @Override
        public Instant after(Instant run) {
            return run.plus(period);
        }

        @Override
        public Duration retry(int failures) {
            var wait = Duration.ofMinutes(1L << Math.min(failures - 1, MOST_DOUBLINGS));
            var most = period.compareTo(LONGEST) < 0 ? period : LONGEST;
            return wait.compareTo(most) < 0 ? wait : most;
        }

        @Override
        public Duration afterStart() {
            return Duration.ZERO;
        }
    }

    /// Once a day, when few are about. It is heavy work: one that was missed is not made up for while everything
    /// starts, and one that failed waits an hour.
    record Daily(int hour, ZoneId zone) implements Schedule {

        public Daily {
            if (hour < 0 || hour > 23) {
                throw new IllegalArgumentException("A day has no hour %d".formatted(hour));
            }
        }

        @Override
        public String words() {
            return "every day at %02d:00".formatted(hour);
        }

        /// An hour that the change to summer time leaves out comes when the clock goes on.
        @Override
        public Instant after(Instant run) {
            var day = run.atZone(zone).toLocalDate();
            var today = day.atTime(hour, 0).atZone(zone).toInstant();
            return today.isAfter(run)
                    ? today
                    : day.plusDays(1).atTime(hour, 0).atZone(zone).toInstant();
        }

        @Override
        public Duration retry(int failures) {
            return Duration.ofHours(1);
        }

        @Override
        public Duration afterStart() {
            return Duration.ofMinutes(15);
        }
    }
}
