package rocks.urvote.media;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import rocks.urvote.media.Probed.NotAudio;
import rocks.urvote.media.Train.Frame;

/// MPEG audio layer III: ISO/IEC 11172-3 and 13818-3, with the Xing, Info and VBRI headers that encoders put into a
/// silent first frame.
final class Mp3 {

    private static final int[] MPEG_1_KBIT = {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};
    private static final int[] MPEG_2_KBIT = {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};
    private static final int[] MPEG_1_RATES = {44_100, 48_000, 32_000};
    private static final int MONO = 3;

    private Mp3() {}

    static @Nullable Frame frame(Content content, long at) throws IOException {
        int sync = content.u16(at);
        int version = sync >> 3 & 3; // 3 is MPEG 1, 2 is MPEG 2, 0 is MPEG 2.5
        int layer = sync >> 1 & 3; // counted backwards: 1 is layer III
        if (sync >> 5 != 0x7ff || version == 1 || layer != 1) {
            return null;
        }
        int sizes = content.u8(at + 2);
        int bitrate = sizes >> 4;
        int rateIndex = sizes >> 2 & 3;
        if (bitrate == 0 || bitrate == 15 || rateIndex == 3) {
            return null;
        }
        boolean first = version == 3;
        boolean mono = content.u8(at + 3) >> 6 == MONO;
        int rate = MPEG_1_RATES[rateIndex] >> (first ? 0 : version == 2 ? 1 : 2);
        int samples = first ? 1152 : 576;
        int bits = (first ? MPEG_1_KBIT : MPEG_2_KBIT)[bitrate] * 1000;
        int length = samples / 8 * bits / rate + (sizes >> 1 & 1);
        return new Frame(length, samples, rate, version << 4 | rateIndex << 2 | (mono ? 1 : 0));
    }

    static Probed probe(Content content, Frame first, long begin) throws IOException {
        long end = Tags.startOfTrailing(content, begin);
        var train = Train.follow(content, first, begin, end, Mp3::frame);
        double frame = first.samples() / (double) first.rate();
        long promised = promisedFrames(content, begin, first);
        long silent = promised < 0 ? 0 : 1;
        if (train.frames() - silent < promised - 1) {
            return NotAudio.cutOff(promised * frame, Math.max(0, train.frames() - silent) * frame);
        }
        return switch (train.state()) {
            case WHOLE -> Probed.sound(AudioFormat.MP3, train.seconds() - silent * frame);
            case CUT_OFF -> NotAudio.cutOff();
            case BROKEN -> NotAudio.damaged("it begins like an MP3, but does not go on like one");
        };
    }

    /// How many frames of sound the first frame announces, -1 when it announces nothing.
    private static long promisedFrames(Content content, long begin, Frame first) throws IOException {
        boolean mono = (first.kind() & 1) == 1;
        boolean mpeg1 = first.samples() == 1152;
        long xing = begin + 4 + (mpeg1 ? (mono ? 17 : 32) : (mono ? 9 : 17));
        if (content.says(xing, "Xing") || content.says(xing, "Info")) {
            boolean counted = (content.u32(xing + 4) & 1) == 1;
            return counted ? content.u32(xing + 8) : 0;
        }
        return content.says(begin + 36, "VBRI") ? content.u32(begin + 36 + 14) : -1;
    }
}
