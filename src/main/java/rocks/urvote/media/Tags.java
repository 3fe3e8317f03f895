package rocks.urvote.media;

import java.io.IOException;

/// Titles, covers and lyrics that people's tools put before and after the sound:
/// [ID3v2](https://id3.org/id3v2.4.0-structure), ID3v1,
/// [APEv2](https://wiki.hydrogenaud.io/index.php?title=APEv2_specification), Lyrics3.
final class Tags {

    private static final int MOST = 8;

    private Tags() {}

    /// Where the sound begins; beyond the end of the file when a tag promises more than there is.
    static long endOfLeading(Content content) throws IOException {
        long at = 0;
        for (int tag = 0; tag < MOST && content.says(at, "ID3"); tag++) {
            boolean footer = (content.u8(at + 5) & 0x10) != 0;
            at += 10 + sevenBitNumber(content, at + 6) + (footer ? 10 : 0);
        }
        return at;
    }

    /// Where the sound ends.
    static long startOfTrailing(Content content, long begin) throws IOException {
        long end = content.size();
        for (int tag = 0; tag < MOST; tag++) {
            long before = end - lengthOfLast(content, end);
            if (before == end || before < begin) {
                break;
            }
            end = before;
        }
        return end;
    }

    private static long lengthOfLast(Content content, long end) throws IOException {
        if (content.says(end - 128, "TAG")) {
            return 128;
        }
        if (content.says(end - 227, "TAG+")) {
            return 227;
        }
        if (content.says(end - 9, "LYRICS200") && content.latin(end - 15, 6).matches("[0-9]{6}")) {
            return Long.parseLong(content.latin(end - 15, 6)) + 15;
        }
        if (content.says(end - 32, "APETAGEX")) {
            boolean header = content.u32Little(end - 12) >>> 31 != 0;
            return content.u32Little(end - 20) + (header ? 32 : 0);
        }
        if (content.says(end - 10, "3DI")) {
            return sevenBitNumber(content, end - 4) + 20L;
        }
        return 0;
    }

    private static int sevenBitNumber(Content content, long at) throws IOException {
        return (content.u8(at) & 0x7f) << 21
                | (content.u8(at + 1) & 0x7f) << 14
                | (content.u8(at + 2) & 0x7f) << 7
                | (content.u8(at + 3) & 0x7f);
    }
}
