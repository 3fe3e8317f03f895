package rocks.urvote.media;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a file turned out to be.
sealed interface Probed {

    /// Whole, playable sound. Only a fragmented M4A may leave its duration unsaid.
    record Audio(AudioFormat format, @Nullable Duration duration) implements Probed {}

    /// Why this file is no song, in a sentence for the person who sent it.
    record NotAudio(String why) implements Probed {

        static NotAudio cutOff() {
            return new NotAudio("The file is cut off: its end is missing");
        }

        static NotAudio cutOff(double promisedSeconds, double heldSeconds) {
            var promised = clock(promisedSeconds);
            var held = clock(heldSeconds);
            return promised.equals(held)
                    ? cutOff()
                    : new NotAudio("The file is cut off: it promises %s and holds %s".formatted(promised, held));
        }

        static NotAudio damaged(String where) {
            return new NotAudio("The file is damaged: " + where);
        }

        private static String clock(double seconds) {
            long whole = (long) seconds;
            return "%d:%02d".formatted(whole / 60, whole % 60);
        }
    }

    /// Sound of that length, if it is a length a song can have.
    static Probed sound(AudioFormat format, double seconds) {
        if (!(seconds >= 1)) {
            return new NotAudio("The song is shorter than one second");
        }
        if (seconds > Duration.ofDays(1).toSeconds()) {
            return new NotAudio("The song claims to be longer than a day");
        }
        return new Audio(format, Duration.ofMillis(Math.round(seconds * 1000)));
    }
}
