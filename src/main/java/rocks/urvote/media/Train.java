package rocks.urvote.media;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Sound as bare frames, one coupled to the next, as MP3 and ADTS files are.
/// A few stray bytes are forgiven, as players do; never among the first frames, so that a lone sync in a picture is no
/// song.
record Train(long frames, double seconds, State state) {

    enum State {
        WHOLE,
        CUT_OFF,
        BROKEN
    }

    /// One frame as its header describes it; frames of one kind belong together.
    record Frame(int length, int samples, int rate, int kind) {}

    /// Reads a frame's header.
    interface Coupling {

        /// The frame whose header stands there, or null when none does.
        @Nullable
        Frame at(Content content, long at) throws IOException;
    }

    /// Stray bytes that a file may have between frames or behind the last part of it.
    static final int FORGIVEN = 4096;

    private static final int UNBROKEN = 3;
    private static final int SHORTEST = 7;

    /// How far a train goes that starts with `first` at `begin`.
    static Train follow(Content content, Frame first, long begin, long end, Coupling coupling) throws IOException {
        long frames = 0;
        long samples = 0;
        int stray = 0;
        boolean lost = false;
        long at = begin;
        while (at < end && stray <= FORGIVEN) {
            var frame = at <= end - SHORTEST ? coupling.at(content, at) : null;
            boolean fits = frame != null && frame.kind() == first.kind();
            boolean cut = frame == null ? beginsToCouple(content, at, begin, end) : fits && at + frame.length() > end;
            if (cut && !lost) {
                return new Train(frames, samples / (double) first.rate(), State.CUT_OFF);
            }
            if (frame != null && fits && (!lost || leadsOn(content, at + frame.length(), end, first, coupling))) {
                frames++;
                samples += frame.samples();
                at += frame.length();
                lost = false;
            } else if (frames < UNBROKEN) {
                return new Train(frames, samples / (double) first.rate(), State.BROKEN);
            } else {
                lost = true;
                stray++;
                at++;
            }
        }
        return new Train(frames, samples / (double) first.rate(), stray > FORGIVEN ? State.BROKEN : State.WHOLE);
    }

    /// Whether the file ends in the first bytes of one more header.
    private static boolean beginsToCouple(Content content, long at, long begin, long end) throws IOException {
        return end - at < SHORTEST
                && content.u8(at) == content.u8(begin)
                && (end - at < 2 || content.u8(at + 1) == content.u8(begin + 1));
    }

    private static boolean leadsOn(Content content, long next, long end, Frame first, Coupling coupling)
            throws IOException {
        if (next > end - SHORTEST) {
            return next == end;
        }
        var frame = coupling.at(content, next);
        return frame != null && frame.kind() == first.kind();
    }
}
