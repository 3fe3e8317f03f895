package rocks.urvote.songs;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import rocks.urvote.songs.Song.License;
import rocks.urvote.songs.Song.Status;

/// How pages say what a song is and how it stands.
final class SongWords {

    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm", Locale.ENGLISH);

    private SongWords() {}

    static String status(Status status) {
        return switch (status) {
            case PENDING -> "Waiting for review";
            case APPROVED -> "Approved";
            case REJECTED -> "Not approved";
            case WITHDRAWN -> "Withdrawn";
        };
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static String license(License license) {
        return switch (license) {
            case STREAM_ONLY -> "Stream only";
            case CC_BY -> "CC BY";
            case CC_BY_NC -> "CC BY-NC";
            case CC_BY_SA -> "CC BY-SA";
            case CC0 -> "CC0";
        };
    }

    static String explained(License license) {
        return switch (license) {
            case STREAM_ONLY -> "People may listen here. All other rights stay with the artist.";
            case CC_BY -> "Anyone may share and change it, also for money, and names the artist.";
            case CC_BY_NC -> "As CC BY, but not for money.";
            case CC_BY_SA -> "As CC BY, and what comes of it is shared the same way.";
            case CC0 -> "The artist gives up all rights as far as the law allows.";
        };
    }

    static @Nullable String deed(License license) {
        return switch (license) {
            case STREAM_ONLY -> null;
            case CC_BY -> "https://creativecommons.org/licenses/by/4.0/";
            case CC_BY_NC -> "https://creativecommons.org/licenses/by-nc/4.0/";
            case CC_BY_SA -> "https://creativecommons.org/licenses/by-sa/4.0/";
            case CC0 -> "https://creativecommons.org/publicdomain/zero/1.0/";
        };
    }

    /// For example "MP3, 6.1 MB, 3:42".
    static Optional<String> file(Song song) {
        if (song.filePath() == null || song.fileSize() == null) {
            return Optional.empty();
        }
        var ending = song.filePath().substring(song.filePath().lastIndexOf('.') + 1);
        return Optional.of("%s, %.1f MB%s"
                .formatted(
                        ending.toUpperCase(Locale.ROOT),
                        song.fileSize() / 1024.0 / 1024.0,
                        length(song).map(length -> ", " + length).orElse("")));
    }

    static Optional<String> length(Song song) {
        return Optional.ofNullable(song.durationMs()).map(millis -> {
            var seconds = (millis + 500) / 1000;
            return "%d:%02d".formatted(seconds / 60, seconds % 60);
        });
    }

    static Optional<ExternalLink> link(Song song) {
        return Optional.ofNullable(song.externalLink()).flatMap(ExternalLink::parse);
    }

    static String moment(Instant instant, ZoneId zone) {
        return "%s (%s)".formatted(MOMENT.format(instant.atZone(zone)), zone);
    }

    /// For example "2 hours ago".
    static String ago(Instant instant) {
        var since = Duration.between(instant, Instant.now());
        if (since.toDays() >= 1) {
            return count(since.toDays(), "day");
        }
        if (since.toHours() >= 1) {
            return count(since.toHours(), "hour");
        }
        return since.toMinutes() >= 1 ? count(since.toMinutes(), "minute") : "just now";
    }

    private static String count(long number, String unit) {
        return "%d %s%s ago".formatted(number, unit, number == 1 ? "" : "s");
    }
}
