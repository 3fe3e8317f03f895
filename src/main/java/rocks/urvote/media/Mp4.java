package rocks.urvote.media;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import rocks.urvote.media.Probed.Audio;
import rocks.urvote.media.Probed.NotAudio;

/// Sound in an MP4 container: ISO/IEC 14496-12 (boxes), 14496-14, and Apple's QuickTime File Format for ALAC.
final class Mp4 {

    private static final int MOST_BOXES = 20_000;

    private final Content content;

    /// One box: its four-letter name and where its content begins and ends.
    private record Box(String name, long begin, long end) {

        long length() {
            return end - begin;
        }
    }

    /// Why the boxes cannot be read on.
    private static final class Unreadable extends IOException {

        private final NotAudio answer;

        Unreadable(NotAudio answer) {
            super(answer.why());
            this.answer = answer;
        }
    }

    private Mp4(Content content) {
        this.content = content;
    }

    static boolean claims(Content content) throws IOException {
        return content.says(4, "ftyp");
    }

    static Probed probe(Content content) throws IOException {
        try {
            return new Mp4(content).probe();
        } catch (Unreadable unreadable) {
            return unreadable.answer;
        }
    }

    private Probed probe() throws IOException {
        var boxes = boxes(0, content.size());
        var movie = named("moov", boxes);
        if (movie.isEmpty()) {
            return NotAudio.cutOff();
        }
        var parts = within(movie.get());
        @Nullable Box sound = null;
        for (var part : parts) {
            if (part.name().equals("trak")) {
                var media = need("mdia", within(part));
                var handler = need("hdlr", within(media));
                switch (content.latin(handler.begin() + 8, 4)) {
                    case "vide" -> {
                        return new NotAudio("This is a video, not audio");
                    }
                    case "soun" -> sound = sound == null ? media : sound;
                    default -> {} // chapters, subtitles, timecodes
                }
            }
        }
        if (sound == null) {
            return new NotAudio("There is no sound in this file");
        }
        boolean fragmented = named("mvex", parts).isPresent();
        return probeTrack(within(sound), boxes, fragmented);
    }

    private Probed probeTrack(List<Box> media, List<Box> file, boolean fragmented) throws IOException {
        var tables = within(need("stbl", within(need("minf", media))));
        var description = need("stsd", tables);
        var coding = content.latin(description.begin() + 12, 4);
        if (!coding.equals("mp4a") && !coding.equals("alac")) {
            return new NotAudio("The sound in this MP4 is neither AAC nor ALAC");
        }
        long stored = 0;
        for (var box : file) {
            stored += box.name().equals("mdat") ? box.length() : 0;
        }
        long promised = soundBytes(need("stsz", tables));
        if (promised > stored || !chunksLieInside(tables)) {
            return NotAudio.cutOff();
        }
        var header = need("mdhd", media);
        long unitsPerSecond = content.u32(header.begin() + (content.u8(header.begin()) == 1 ? 20 : 12));
        if (unitsPerSecond == 0) {
            return NotAudio.damaged("it has no clock");
        }
        if (promised == 0 && fragmented) {
            return probeFragments(file, stored);
        }
        return Probed.sound(AudioFormat.M4A, units(need("stts", tables)) / unitsPerSecond);
    }

    /// A fragmented file tells its length only piece by piece; each piece must be there, and the length stays unsaid.
    private Probed probeFragments(List<Box> file, long stored) {
        boolean pieces = named("moof", file).isPresent() && stored > 0;
        return pieces ? new Audio(AudioFormat.M4A, null) : NotAudio.cutOff();
    }

    private long soundBytes(Box sizes) throws IOException {
        long same = content.u32(sizes.begin() + 4);
        long count = content.u32(sizes.begin() + 8);
        if (same > 0) {
            return count > content.size() ? Long.MAX_VALUE : same * count;
        }
        long bytes = 0;
        for (long entry = entries(sizes, 12, count, 4); entry < sizes.begin() + 12 + count * 4; entry += 4) {
            bytes += content.u32(entry);
        }
        return bytes;
    }

    private double units(Box times) throws IOException {
        long count = content.u32(times.begin() + 4);
        double units = 0;
        for (long entry = entries(times, 8, count, 8); entry < times.begin() + 8 + count * 8; entry += 8) {
            units += (double) content.u32(entry) * content.u32(entry + 4);
        }
        return units;
    }

    private boolean chunksLieInside(List<Box> tables) throws IOException {
        var narrow = named("stco", tables);
        var chunks = narrow.isPresent() ? narrow.get() : need("co64", tables);
        int width = narrow.isPresent() ? 4 : 8;
        long count = content.u32(chunks.begin() + 4);
        for (long entry = entries(chunks, 8, count, width);
                entry < chunks.begin() + 8 + count * width;
                entry += width) {
            long place = narrow.isPresent() ? content.u32(entry) : content.u64(entry);
            if (place < 0 || place >= content.size()) {
                return false;
            }
        }
        return true;
    }

    /// Where a table's entries begin, once it is known that they fit into it.
    private static long entries(Box table, int header, long count, int width) throws IOException {
        if (header + count * width > table.length()) {
            throw new Unreadable(NotAudio.damaged("its table " + table.name() + " is too short"));
        }
        return table.begin() + header;
    }

    private List<Box> within(Box box) throws IOException {
        return boxes(box.begin(), box.end());
    }

    /// The boxes of a stretch, each within it and behind the one before.
    private List<Box> boxes(long begin, long end) throws IOException {
        var boxes = new ArrayList<Box>();
        long at = begin;
        while (at <= end - 8) {
            long length = content.u32(at);
            int header = length == 1 ? 16 : 8;
            length = length == 1 ? content.u64(at + 8) : length == 0 ? end - at : length;
            if (length < header || length > end - at) {
                if (boxes.size() > 2 && end == content.size() && end - at <= Train.FORGIVEN && !isKnown(at)) {
                    return boxes;
                }
                throw new Unreadable(
                        length < header ? NotAudio.damaged("its parts do not fit together") : NotAudio.cutOff());
            }
            if (boxes.size() == MOST_BOXES) {
                throw new Unreadable(NotAudio.damaged("it has too many parts"));
            }
            boxes.add(new Box(content.latin(at + 4, 4), at + header, at + length));
            at += length;
        }
        return boxes;
    }

    private boolean isKnown(long at) throws IOException {
        return List.of("moov", "mdat", "moof", "free", "udta", "mfra", "sidx").contains(content.latin(at + 4, 4));
    }

    private static Optional<Box> named(String name, List<Box> boxes) {
        return boxes.stream().filter(box -> box.name().equals(name)).findFirst();
    }

    private static Box need(String name, List<Box> boxes) throws IOException {
        return named(name, boxes)
                .orElseThrow(() -> new Unreadable(NotAudio.damaged("its part " + name + " is missing")));
    }
}
