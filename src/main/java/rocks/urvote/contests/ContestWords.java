package rocks.urvote.contests;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// How a person says where a contest stands.
final class ContestWords {

    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm", Locale.ENGLISH);

    private ContestWords() {}

    static String state(Contest contest) {
        return switch (contest.state()) {
            case DRAFT -> "Draft";
            case UPCOMING -> "Upcoming";
            case OPEN -> "Open";
            case CLOSED -> "Closed";
        };
    }

    /// For example "18 days left, until 11 December 2026, 00:00 (America/Chicago)".
    static String timeLeft(Contest contest) {
        return switch (contest.state()) {
            case DRAFT -> "Only members of the client see it";
            case UPCOMING ->
                "Opens in %s, on %s".formatted(until(contest.startDate()), moment(contest, contest.startDate()));
            case OPEN -> "%s left, until %s".formatted(until(contest.endDate()), moment(contest, contest.endDate()));
            case CLOSED -> "Ended on " + moment(contest, contest.endDate());
        };
    }

    static String moment(Contest contest, Instant instant) {
        return "%s (%s)"
                .formatted(
                        MOMENT.format(instant.atZone(contest.settings().timeZone())),
                        contest.settings().timeZone());
    }

    /// Rounded to what a person would say.
    static String until(Instant instant) {
        var left = Duration.between(Instant.now(), instant);
        if (left.toDays() >= 2) {
            return left.toDays() + " days";
        }
        if (left.toHours() >= 2) {
            return left.toHours() + " hours";
        }
        return Math.max(1, left.toMinutes()) + (left.toMinutes() <= 1 ? " minute" : " minutes");
    }
}
