package rocks.urvote.media;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import rocks.urvote.media.Probed.NotAudio;

/// Tells by a file's bytes alone whether it is a whole piece of audio, and which kind; never by its name or declared
/// type.
///
/// It follows the structure of each format through the file: lengths, sums, counts and ends must agree.
/// It does not decode: sound that is noise inside whole frames passes.
/// Memory is one small window, work is linear in the file's size, and no content makes it throw.
/// Up to 4 KB of stray bytes behind the end are forgiven in every format, as players do.
final class AudioProbe {

    private static final int PADDING = 1 << 16;

    Probed probe(Path file) throws IOException {
        try (var content = Content.of(file)) {
            return content.size() == 0 ? new NotAudio("The file is empty") : probe(content);
        } catch (EOFException _) {
            return NotAudio.cutOff();
        }
    }

    private static Probed probe(Content content) throws IOException {
        if (Wav.claims(content)) {
            return Wav.probe(content);
        }
        if (Ogg.claims(content)) {
            return Ogg.probe(content);
        }
        if (Mp4.claims(content)) {
            return Mp4.probe(content);
        }
        long begin = Tags.endOfLeading(content);
        if (Flac.claims(content, begin)) {
            return Flac.probe(content, begin);
        }
        return probeFrames(content, begin);
    }

    private static Probed probeFrames(Content content, long leading) throws IOException {
        if (leading > 0 && leading >= content.size()) {
            return NotAudio.cutOff();
        }
        long begin = leading;
        while (begin < Math.min(content.size() - 1, leading + PADDING) && content.u8(begin) == 0) {
            begin++;
        }
        if (begin <= content.size() - 7) {
            var mp3 = Mp3.frame(content, begin);
            if (mp3 != null) {
                return Mp3.probe(content, mp3, begin);
            }
            var aac = Adts.frame(content, begin);
            if (aac != null) {
                return Adts.probe(content, aac, begin);
            }
        }
        return new NotAudio(whatElse(content));
    }

    /// A kind word about the things people send by mistake.
    private static String whatElse(Content content) throws IOException {
        var start = content.latin(0, (int) Math.min(1024, content.size()));
        var words = start.toLowerCase(Locale.ROOT);
        if (words.contains("<!doctype html") || words.contains("<html")) {
            return "This is a web page, not audio";
        }
        if (start.startsWith("\u0089PNG") || start.startsWith("\u00ff\u00d8\u00ff") || start.startsWith("GIF8")) {
            return "This is a picture, not audio";
        }
        if (start.startsWith("\u001aE\u00df\u00a3") || (start.startsWith("RIFF") && start.startsWith("AVI ", 8))) {
            return "This is a video or a WebM file: please send MP3, WAV, FLAC, M4A, AAC, OGG or Opus";
        }
        if (start.startsWith("PK\u0003\u0004")) {
            return "This is a ZIP archive: please send the song itself";
        }
        if (start.startsWith("%PDF")) {
            return "This is a PDF document, not audio";
        }
        if (content.isText(0, 1024)) {
            return "This is text, not audio";
        }
        return "This is not audio that we know: please send MP3, WAV, FLAC, M4A, AAC, OGG or Opus";
    }
}
