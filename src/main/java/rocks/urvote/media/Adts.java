package rocks.urvote.media;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import rocks.urvote.media.Probed.NotAudio;
import rocks.urvote.media.Train.Frame;

/// Bare AAC frames: the audio data transport stream of ISO/IEC 13818-7 and 14496-3.
final class Adts {

    private static final int[] RATES = {
        96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350
    };

    private Adts() {}

    static @Nullable Frame frame(Content content, long at) throws IOException {
        int sync = content.u16(at);
        if ((sync & 0xfff6) != 0xfff0) {
            return null;
        }
        boolean checked = (sync & 1) == 0;
        int setup = content.u16(at + 2);
        int rate = setup >> 10 & 15;
        int length = (setup & 3) << 11 | content.u8(at + 4) << 3 | content.u8(at + 5) >> 5;
        if (rate >= RATES.length || length < (checked ? 9 : 7)) {
            return null;
        }
        int blocks = 1 + (content.u8(at + 6) & 3);
        int kind = (sync & 8) << 16 | (setup & 0xfdc0); // MPEG version, profile, rate, channels
        return new Frame(length, 1024 * blocks, RATES[rate], kind);
    }

    static Probed probe(Content content, Frame first, long begin) throws IOException {
        long end = Tags.startOfTrailing(content, begin);
        var train = Train.follow(content, first, begin, end, Adts::frame);
        return switch (train.state()) {
            case WHOLE -> Probed.sound(AudioFormat.AAC, train.seconds());
            case CUT_OFF -> NotAudio.cutOff();
            case BROKEN -> NotAudio.damaged("it begins like AAC, but does not go on like it");
        };
    }
}
