package rocks.urvote.site;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import rocks.urvote.site.Score.Hit;

/// Makes music of a napkin: invents the tune, voices the chords, and plays everybody's part on tape.
///
/// A phrase has four bars: a motif, its reply, the motif again a little changed, and a bar to come to rest.
/// Strong beats fall on the chord's notes; between them the tune walks. Chance has the title as its seed.
final class Composer {

    private static final List<Integer> STEPS = List.of(-2, -1, -1, -1, 0, 1, 1, 1, 2);
    private static final double ENDING = 1.5;

    private final Score score;
    private final Random chance;
    private final Tape tape;
    private final double bar;
    private final int bars;
    private final Map<Character, List<Motif>> tunes = new HashMap<>();
    private final Map<Note, float[]> played = new HashMap<>();
    private int degree = 7;

    /// A bar of tune: when, and how far from the note before.
    private record Motif(List<Hit> rhythm, List<Integer> steps) {}

    /// A note that need not be played twice.
    private record Note(Instrument instrument, int pitch, double seconds) {

        float[] play() {
            return instrument.play(pitch, seconds);
        }
    }

    private Composer(Score score) {
        this.score = score;
        this.chance = new Random(score.title().hashCode());
        this.bar = score.barSeconds();
        this.bars = score.form().length() * 4;
        this.tape = new Tape(bars * bar + bar + ENDING);
    }

    static Tape perform(Score score) {
        return new Composer(score).perform();
    }

    private Tape perform() {
        for (int number = 0; number < bars; number++) {
            char phrase = score.form().charAt(number / 4);
            chords(number);
            bass(number);
            tune(number, phrase);
            if (Character.isUpperCase(phrase)) {
                drums(number);
            }
        }
        comeHome();
        if (score.has("echo")) {
            tape.echo(bar / score.number("tempo", 1) * 0.75, score.share("echo"));
        }
        tape.room(score.share("room"));
        tape.master(ENDING);
        return tape;
    }

    private void tune(int number, char phrase) {
        var motif = motif(number % 4, Character.toUpperCase(phrase));
        int home = phrase == 'B' ? 10 : 7;
        for (int i = 0; i < motif.rhythm().size(); i++) {
            var hit = motif.rhythm().get(i);
            degree += motif.steps().get(i);
            degree += degree > home + 5 ? -3 : degree < home - 4 ? 3 : 0;
            boolean strong = hit.at() * 2 == Math.rint(hit.at() * 2) || hit.length() >= 0.25;
            if (strong) {
                degree = nearestInChord(
                        degree, score.chord(number), motif.steps().get(i) < 0 ? -1 : 1);
            }
            sing(phrase == 'B' && score.has("answer") ? "answer" : "lead", number, hit, degree);
            if (score.has("thirds") && Character.isUpperCase(phrase)) {
                sing("thirds", number, hit, strong ? nearestInChord(degree - 2, score.chord(number), -1) : degree - 2);
            }
        }
    }

    private void sing(String part, int number, Hit hit, int degree) {
        double loudness = score.number(part, 1) / 100.0 * (hit.at() == 0 ? 1 : 0.82 + 0.12 * chance.nextDouble());
        float[] note = play(part, score.note(degree), hit.length() * bar * 0.95);
        tape.add(note, time(number, hit), loudness * 0.5, part.equals("thirds") ? 0.35 : -0.12);
    }

    private Motif motif(int place, char phrase) {
        var motifs = tunes.computeIfAbsent(phrase, _ -> phrase());
        return motifs.get(place);
    }

    private List<Motif> phrase() {
        var rhythms = score.rhythms("lead", 2);
        var call = invent(rhythms.get(chance.nextInt(rhythms.size())));
        var reply = invent(rhythms.get(chance.nextInt(rhythms.size())));
        var changed = new ArrayList<>(call.steps());
        changed.set(changed.size() - 1, -changed.getLast());
        var rest = invent(List.of(new Hit(0, 0.25, 'x'), new Hit(0.25, 0.25, 'x'), new Hit(0.5, 0.5, 'x')));
        return List.of(call, reply, new Motif(call.rhythm(), changed), rest);
    }

    private Motif invent(List<Hit> rhythm) {
        return new Motif(
                rhythm,
                rhythm.stream()
                        .map(_ -> STEPS.get(chance.nextInt(STEPS.size())))
                        .toList());
    }

    private void chords(int number) {
        var rhythms = score.rhythms("comp", 2);
        var notes = voiced(score.chord(number));
        for (var hit : rhythms.get(number % rhythms.size())) {
            if (hit.what() == 'x') {
                for (int i = 0; i < notes.size(); i++) {
                    comp(number, hit, notes.get(i), (i - 1) * 0.4);
                }
            } else {
                int tone = Character.digit(hit.what(), 10) - 1;
                comp(number, hit, notes.get(tone % notes.size()) + 12 * (tone / notes.size()), tone * 0.2 - 0.3);
            }
        }
    }

    private void comp(int number, Hit hit, int note, double pan) {
        double loudness = score.number("comp", 1) / 100.0 * (0.9 + 0.1 * chance.nextDouble());
        tape.add(play("comp", note, hit.length() * bar), time(number, hit), loudness * 0.3, pan);
    }

    /// The chord's notes, folded into the octave around the tonic so that hands need not jump.
    private List<Integer> voiced(int chord) {
        var notes = new ArrayList<Integer>();
        for (int third = 0; third < (score.has("sevenths") ? 4 : 3); third++) {
            int note = score.note(chord + 2 * third);
            notes.add(note > score.number("key", 0) + 9 ? note - 12 : note);
        }
        notes.sort(null);
        return notes;
    }

    private void bass(int number) {
        var rhythms = score.rhythms("bass", 2);
        for (var hit : rhythms.get(number % rhythms.size())) {
            int tone = Character.digit(hit.what(), 10) - 1;
            int low = score.note(score.chord(number) + tone) - 24;
            int note = low < 31 ? low + 12 : low > 50 ? low - 12 : low;
            float[] sound = play("bass", note, hit.length() * bar * 0.9);
            tape.add(sound, time(number, hit), score.number("bass", 1) / 100.0 * 0.5, 0);
        }
    }

    private void drums(int number) {
        for (var drum : Drum.values()) {
            var part = drum.name().toLowerCase(Locale.ROOT);
            if (score.has(part)) {
                var rhythms = score.rhythms(part, 1);
                for (var hit : rhythms.get(number % rhythms.size())) {
                    double loudness = score.number(part, 0) / 100.0 * (hit.what() == 'x' ? 1 : 0.5);
                    tape.add(drum.hit(), time(number, hit), loudness * (0.9 + 0.1 * chance.nextDouble()), drum.pan());
                }
            }
        }
    }

    /// The last bar: everybody on the tonic, and let it ring.
    private void comeHome() {
        var whole = new Hit(0, 1, 'x');
        for (int note : voiced(0)) {
            comp(bars, whole, note, 0.2);
        }
        tape.add(play("bass", score.note(0) - 24, bar), bars * bar, score.number("bass", 1) / 200.0, 0);
        sing("lead", bars, whole, 7);
    }

    private float[] play(String part, int pitch, double seconds) {
        return played.computeIfAbsent(new Note(score.instrument(part), pitch, seconds), Note::play);
    }

    /// When a hit sounds; swing lets every second eighth come late.
    private double time(int number, Hit hit) {
        double eighths = hit.at() * score.number("tempo", 1) * 2;
        boolean offbeat = eighths == Math.rint(eighths) && Math.round(eighths) % 2 == 1;
        double late = offbeat ? score.share("swing") * bar / (score.number("tempo", 1) * 2) : 0;
        return (number + hit.at()) * bar + late;
    }

    /// The chord's note nearest to a degree, rather the way the tune was going (1 up, -1 down).
    private static int nearestInChord(int degree, int chord, int way) {
        for (int away = 0; away < 3; away++) {
            for (int near : new int[] {degree + way * away, degree - way * away}) {
                int tone = Math.floorMod(near - chord, 7);
                if (tone == 0 || tone == 2 || tone == 4) {
                    return near;
                }
            }
        }
        return degree;
    }
}
