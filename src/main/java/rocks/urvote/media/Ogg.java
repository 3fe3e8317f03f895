package rocks.urvote.media;

import java.io.IOException;
import rocks.urvote.media.Probed.NotAudio;

/// One stream of Vorbis or Opus in Ogg pages: RFC 3533, RFC 7845, and the Vorbis I specification.
/// Every page is checked by its sum; the stream must have its last page.
final class Ogg {

    private static final int BEGINS = 2;
    private static final int ENDS = 4;
    private static final int[] SUMS = sums();

    private Ogg() {}

    static boolean claims(Content content) throws IOException {
        return content.says(0, "OggS");
    }

    static Probed probe(Content content) throws IOException {
        int packet = 27 + content.u8(26);
        AudioFormat format;
        double rate;
        long silence = 0;
        if (content.says(packet, "OpusHead")) {
            format = AudioFormat.OPUS;
            rate = 48_000;
            silence = content.u16Little(packet + 10);
        } else if (content.says(packet, "\u0001vorbis")) {
            format = AudioFormat.OGG;
            rate = content.u32Little(packet + 12);
        } else {
            return new NotAudio("This Ogg file holds neither Vorbis nor Opus sound");
        }
        if (rate == 0) {
            return NotAudio.damaged("it has no sample rate");
        }
        return pages(content, format, rate, silence);
    }

    private static Probed pages(Content content, AudioFormat format, double rate, long silence) throws IOException {
        long stream = content.u32Little(14);
        long samples = 0;
        long at = 0;
        for (long page = 0; at < content.size(); page++) {
            if (!content.says(at, "OggS") || content.u8(at + 4) != 0) {
                return content.size() - at < 27
                        ? NotAudio.cutOff()
                        : NotAudio.damaged("its pages are not in one piece");
            }
            int flags = content.u8(at + 5);
            if (content.u32Little(at + 14) != stream || ((flags & BEGINS) != 0 && page > 0)) {
                return new NotAudio("This Ogg file holds more than one stream");
            }
            if (((flags & BEGINS) == 0 && page == 0) || content.u32Little(at + 18) != (page & 0xffff_ffffL)) {
                return NotAudio.damaged("a page of it is missing");
            }
            int length = length(content, at);
            if (at + length > content.size()) {
                return NotAudio.cutOff();
            }
            if (sum(content, at, length) != (int) content.u32Little(at + 22)) {
                return NotAudio.damaged("a page of it does not add up");
            }
            long granule = content.u64Little(at + 6);
            samples = Math.max(samples, granule);
            at += length;
            if ((flags & ENDS) != 0) {
                return content.size() - at > Train.FORGIVEN
                        ? new NotAudio("This Ogg file holds more than one stream")
                        : Probed.sound(format, (samples - silence) / rate);
            }
        }
        return NotAudio.cutOff();
    }

    private static int length(Content content, long at) throws IOException {
        int segments = content.u8(at + 26);
        int length = 27 + segments;
        for (int segment = 0; segment < segments; segment++) {
            length += content.u8(at + 27 + segment);
        }
        return length;
    }

    private static int sum(Content content, long at, int length) throws IOException {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            int octet = i >= 22 && i < 26 ? 0 : content.u8(at + i);
            sum = (sum << 8) ^ SUMS[(sum >>> 24) ^ octet];
        }
        return sum;
    }

    private static int[] sums() {
        var sums = new int[256];
        for (int i = 0; i < 256; i++) {
            int sum = i << 24;
            for (int bit = 0; bit < 8; bit++) {
                sum = (sum << 1) ^ (sum < 0 ? 0x04c1_1db7 : 0);
            }
            sums[i] = sum;
        }
        return sums;
    }
}
