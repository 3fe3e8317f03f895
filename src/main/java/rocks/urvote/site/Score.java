package rocks.urvote.site;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// A song on a napkin: one line for each thing a band would ask.
///
/// ```
/// key    62 major             the tonic as MIDI note, and the mode
/// tempo  112 4                beats in a minute, beats in a bar
/// form   aABA                 phrases of four bars; same letter, same tune; small letters go without drums
/// chords 1 5 6 4              one degree of the scale for each bar
/// lead   brass 80 x-x-x---    instrument, loudness, rhythms to choose from
/// answer flute 80             who sings the B phrases, if somebody else
/// thirds brass 50             who sings along, two notes lower
/// comp   pad 40 x---          how the chord is struck (x) or picked (1 2 3 4)
/// bass   tuba 80 1---5---     the chord's note: 1 3 5, or 8 for the octave
/// kick   90 x...x...          and so on: snare, hat, clap, timpani
/// room   30                   reverb, in percent; echo and swing likewise
/// ```
///
/// In a rhythm each character is an equal part of the bar: `.` is silence, `-` holds the note before.
record Score(String title, Map<String, String[]> lines) {

    /// One stroke of a rhythm; place and length in parts of a bar.
    record Hit(double at, double length, char what) {}

    Score(String title, String napkin) {
        this(
                title,
                napkin.lines()
                        .map(line -> line.strip().split(" +"))
                        .collect(Collectors.toMap(
                                words -> words[0], words -> Arrays.copyOfRange(words, 1, words.length))));
    }

    boolean has(String part) {
        return lines.containsKey(part);
    }

    int number(String part, int place) {
        return Integer.parseInt(words(part)[place]);
    }

    /// A percentage, 0 when the napkin does not mention it.
    double share(String part) {
        return has(part) ? number(part, 0) / 100.0 : 0;
    }

    Instrument instrument(String part) {
        return Instrument.valueOf(words(part)[0].toUpperCase(Locale.ROOT));
    }

    double barSeconds() {
        return 60.0 / number("tempo", 0) * number("tempo", 1);
    }

    String form() {
        return words("form")[0];
    }

    /// The MIDI note of a degree of the scale; 0 is the tonic, 7 the one above.
    int note(int degree) {
        int[] mode = mode();
        return number("key", 0) + mode[Math.floorMod(degree, 7)] + 12 * Math.floorDiv(degree, 7);
    }

    private int[] mode() {
        return switch (words("key")[1]) {
            case "major" -> new int[] {0, 2, 4, 5, 7, 9, 11};
            case "minor" -> new int[] {0, 2, 3, 5, 7, 8, 10};
            case "dorian" -> new int[] {0, 2, 3, 5, 7, 9, 10};
            case "mixolydian" -> new int[] {0, 2, 4, 5, 7, 9, 10};
            case "lydian" -> new int[] {0, 2, 4, 6, 7, 9, 11};
            default -> throw new IllegalArgumentException("The score of %s is in no known mode".formatted(title));
        };
    }

    /// The degree on which this bar's chord stands.
    int chord(int bar) {
        var chords = words("chords");
        return Integer.parseInt(chords[bar % chords.length]) - 1;
    }

    /// The rhythms of a part, those of its last words.
    List<List<Hit>> rhythms(String part, int from) {
        return Arrays.stream(words(part)).skip(from).map(Score::rhythm).toList();
    }

    private static List<Hit> rhythm(String pattern) {
        var hits = new ArrayList<Hit>();
        double step = 1.0 / pattern.length();
        for (int i = 0; i < pattern.length(); i++) {
            if (pattern.charAt(i) != '.' && pattern.charAt(i) != '-') {
                int end = i + 1;
                while (end < pattern.length() && pattern.charAt(end) == '-') {
                    end++;
                }
                hits.add(new Hit(i * step, (end - i) * step, pattern.charAt(i)));
            }
        }
        return hits;
    }

    private String[] words(String part) {
        var words = lines.get(part);
        if (words == null) {
            throw new IllegalArgumentException("The score of %s says nothing about %s".formatted(title, part));
        }
        return words;
    }
}
