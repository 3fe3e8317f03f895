package rocks.urvote.media;

import java.io.IOException;
import java.util.Set;
import rocks.urvote.media.Probed.NotAudio;

/// Microsoft and IBM's RIFF WAVE: "Multimedia Programming Interface and Data Specifications 1.0", with
/// WAVEFORMATEXTENSIBLE. The outer RIFF size is ignored, as many programs write it wrong; what counts is the data
/// chunk.
final class Wav {

    private static final int PCM = 1;
    private static final int FLOAT = 3;
    private static final int EXTENSIBLE = 0xfffe;
    /// What a program writes as length when it does not yet know it, and cannot come back.
    private static final long STREAMED = 0xffff_ffffL;

    private static final int MOST_CHUNKS = 1000;

    private Wav() {}

    static boolean claims(Content content) throws IOException {
        return content.says(0, "RIFF") && content.says(8, "WAVE");
    }

    static Probed probe(Content content) throws IOException {
        long bytesPerSecond = 0;
        long at = 12;
        for (int chunk = 0; chunk < MOST_CHUNKS && at < content.size(); chunk++) {
            long length = content.u32Little(at + 4);
            if (content.says(at, "fmt ")) {
                bytesPerSecond = bytesPerSecond(content, at + 8, length);
                if (bytesPerSecond == 0) {
                    return new NotAudio("This WAV is not plain PCM: please export it as 16 or 24 bit PCM");
                }
            }
            if (content.says(at, "data")) {
                return bytesPerSecond == 0
                        ? NotAudio.damaged("its sound comes before its format")
                        : data(content, at + 8, length, bytesPerSecond);
            }
            at += 8 + length + (length & 1);
        }
        return at > content.size() ? NotAudio.cutOff() : NotAudio.damaged("this WAV holds no sound");
    }

    private static Probed data(Content content, long at, long promised, long bytesPerSecond) throws IOException {
        long there = content.size() - at;
        if (promised > there && promised != STREAMED) {
            return NotAudio.cutOff(promised / (double) bytesPerSecond, there / (double) bytesPerSecond);
        }
        if (content.isText(at, 4096)) {
            return new NotAudio("There is text in this WAV where its sound should be");
        }
        return Probed.sound(AudioFormat.WAV, Math.min(promised, there) / (double) bytesPerSecond);
    }

    /// 0 when it is nothing a browser plays, or contradicts itself.
    private static long bytesPerSecond(Content content, long at, long length) throws IOException {
        if (length < 16) {
            return 0;
        }
        int coding = content.u16Little(at);
        if (coding == EXTENSIBLE && length >= 40) {
            coding = content.u16Little(at + 24);
        }
        int channels = content.u16Little(at + 2);
        long rate = content.u32Little(at + 4);
        int block = content.u16Little(at + 12);
        int bits = content.u16Little(at + 14);
        boolean plain = (coding == PCM && Set.of(8, 16, 24, 32).contains(bits))
                || (coding == FLOAT && Set.of(32, 64).contains(bits));
        boolean sane = channels >= 1 && channels <= 32 && rate >= 1000 && rate <= 768_000;
        return plain && sane && block == channels * bits / 8 ? rate * block : 0;
    }
}
