package rocks.urvote.contests;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// How a person says where a contest stands.
public interface ContestWords {

    DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm", Locale.ENGLISH);

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

    static String timeLeftInShort(Contest contest) {
        return switch (contest.state()) {
            case DRAFT -> "";
            case UPCOMING -> "opens in " + until(contest.startDate());
            case OPEN -> until(contest.endDate()) + " left";
            case CLOSED -> "";
        };
    }

    static String moment(Contest contest, Instant instant) {
        return "%s (%s time)"
                .formatted(MOMENT.format(instant.atZone(contest.settings().timeZone())), zone(contest));
    }

    /// A zone as a person says it: "New York", "UTC".
    static String zone(Contest contest) {
        var id = contest.settings().timeZone().getId();
        return id.substring(id.lastIndexOf('/') + 1).replace('_', ' ');
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
