package rocks.urvote.media;

import java.io.IOException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import rocks.urvote.media.Probed.NotAudio;

/// FLAC: RFC 9639. The first frame must follow the metadata, and the last one must be whole and end where the stream's
/// length says.
final class Flac {

    private static final int STREAM_INFO = 34;
    private static final int MOST_BLOCKS = 10_000;
    private static final int LONGEST_FRAME = 1 << 21;
    private static final int CANDIDATES = 8;

    private final Content content;
    private final long begin;
    private final int rate;
    private final int longestBlock;
    private final int longestFrame;
    private final long promised;

    /// A frame's header: where it and its sound begin, what is fixed for the stream, and the samples before and in it.
    private record Frame(long at, int headerLength, int fixed, long before, int samples) {

        long after() {
            return before + samples;
        }
    }

    private Flac(Content content, long begin) throws IOException {
        long info = begin + 8;
        this.content = content;
        this.begin = begin;
        this.longestBlock = content.u16(info + 2);
        int longest = content.u24(info + 7);
        this.longestFrame = longest == 0 ? LONGEST_FRAME : Math.min(longest, LONGEST_FRAME);
        this.rate = content.u24(info + 10) >> 4;
        this.promised = (content.u8(info + 13) & 15L) << 32 | content.u32(info + 14);
    }

    static boolean claims(Content content, long begin) throws IOException {
        return content.says(begin, "fLaC");
    }

    static Probed probe(Content content, long begin) throws IOException {
        if ((content.u8(begin + 4) & 0x7f) != 0 || content.u24(begin + 5) != STREAM_INFO) {
            return NotAudio.damaged("this FLAC does not say what it holds");
        }
        return new Flac(content, begin).probe();
    }

    private Probed probe() throws IOException {
        if (rate == 0 || longestBlock == 0) {
            return NotAudio.damaged("this FLAC has no sample rate");
        }
        long sound = endOfMetadata();
        if (sound >= content.size()) {
            return NotAudio.cutOff(promised / (double) rate, 0);
        }
        var first = frame(sound);
        if (first == null || first.before() != 0) {
            return NotAudio.damaged("there is no FLAC sound in it");
        }
        return judge(sound, first);
    }

    private Probed judge(long sound, Frame first) throws IOException {
        long end = Tags.startOfTrailing(content, sound);
        var last = new ArrayDeque<Frame>(CANDIDATES);
        long held = 0;
        for (long at = Math.max(sound, end - longestFrame - Train.FORGIVEN); at < end; at++) {
            var frame = content.u8(at) == 0xff && at < end - 6 ? frame(at) : null;
            if (frame != null && frame.fixed() == first.fixed() && (promised == 0 || frame.after() <= promised)) {
                if (last.size() == CANDIDATES) {
                    last.removeFirst();
                }
                last.addLast(frame);
                held = Math.max(held, frame.before());
            }
        }
        while (!last.isEmpty()) {
            var frame = last.removeLast();
            if ((promised == 0 || frame.after() == promised) && isWhole(frame, end)) {
                return Probed.sound(AudioFormat.FLAC, frame.after() / (double) rate);
            }
        }
        return promised == 0 ? NotAudio.cutOff() : NotAudio.cutOff(promised / (double) rate, held / (double) rate);
    }

    /// The place behind the metadata, the end of the file when it never ends.
    private long endOfMetadata() throws IOException {
        long at = begin + 4;
        for (int block = 0; block < MOST_BLOCKS && at < content.size(); block++) {
            boolean last = content.u8(at) >= 0x80;
            at += 4 + content.u24(at + 1);
            if (last) {
                return at;
            }
        }
        return content.size();
    }

    /// The frame whose header stands there and adds up, or null (RFC 9639, section 9.1).
    private @Nullable Frame frame(long at) throws IOException {
        int sync = content.u16(at);
        int sizes = content.u8(at + 2);
        int channels = content.u8(at + 3);
        if (sync >> 1 != 0x7ffc || sizes >> 4 == 0 || (sizes & 15) == 15 || channels >> 4 > 10 || (channels & 1) != 0) {
            return null;
        }
        int more = Math.max(0, Integer.numberOfLeadingZeros(~(content.u8(at + 4) << 24)) - 1);
        if (more > 6 || (content.u8(at + 4) & 0xc0) == 0x80) {
            return null;
        }
        long number = content.u8(at + 4) & (more == 0 ? 0x7f : 0x3f >> more);
        for (int octet = 0; octet < more; octet++) {
            number = number << 6 | (content.u8(at + 5 + octet) & 0x3f);
        }
        int length = 5 + more;
        int samples = switch (sizes >> 4) {
            case 1 -> 192;
            case 2, 3, 4, 5 -> 144 << (sizes >> 4);
            case 6 -> content.u8(at + length++) + 1;
            case 7 -> content.u16(at + (length += 2) - 2) + 1;
            default -> 1 << (sizes >> 4);
        };
        length += switch (sizes & 15) {
            case 12 -> 1;
            case 13, 14 -> 2;
            default -> 0;
        };
        if (headerSum(at, length) != content.u8(at + length)) {
            return null;
        }
        boolean numbersSamples = (sync & 1) == 1;
        int fixed = sync << 16 | (sizes & 15) << 8 | (channels & 14);
        return new Frame(at, length + 1, fixed, numbersSamples ? number : number * longestBlock, samples);
    }

    private int headerSum(long at, int length) throws IOException {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum ^= content.u8(at + i);
            for (int bit = 0; bit < 8; bit++) {
                sum = ((sum << 1) ^ (sum >= 0x80 ? 0x07 : 0)) & 0xff;
            }
        }
        return sum;
    }

    /// Whether the frame's own sum stands at the end of the file, or just before a few stray bytes.
    private boolean isWhole(Frame frame, long end) throws IOException {
        int sum = 0;
        for (long at = frame.at(); at < end; at++) {
            sum ^= content.u8(at) << 8;
            for (int bit = 0; bit < 8; bit++) {
                sum = ((sum << 1) ^ (sum >= 0x8000 ? 0x8005 : 0)) & 0xffff;
            }
            if (sum == 0 && end - at <= Train.FORGIVEN && at >= frame.at() + frame.headerLength() + 2) {
                return true;
            }
        }
        return false;
    }
}
