package rocks.urvote.site;

import java.util.Arrays;
import java.util.Random;

/// The band. Each plays one note at a time, as samples at [Tape#RATE].
enum Instrument {
    PIANO(Wave.saw(6, 1.7), Wave.saw(9, 0.9), new Shape(0.004, 1.8, 0.0, 0.15), 0, 0.0006),
    ORGAN(Wave.of(1, .7, .5, .4, 0, .25, 0, .3), Wave.of(1, .6, .5, .3), new Shape(0.03, 1, 1.0, 0.12), 0.0012, 0.0008),
    BRASS(Wave.saw(4, 1.2), Wave.saw(10, 0.7), new Shape(0.05, 0.5, 0.8, 0.1), 0.003, 0.0015),
    TUBA(Wave.of(1, .6, .35, .15), Wave.saw(9, 1), new Shape(0.03, 0.3, 0.7, 0.08), 0, 0),
    PAD(Wave.saw(7, 1.4), Wave.saw(5, 1.8), new Shape(0.35, 1, 0.9, 0.6), 0.002, 0.004),
    CHOIR(Wave.of(1, .8, .45, .5, .2, .05, .1), Wave.of(1, .5, .2), new Shape(0.16, 1, 0.9, 0.35), 0.004, 0.003),
    FIDDLE(Wave.saw(9, 1.1), Wave.saw(10, 0.9), new Shape(0.07, 0.6, 0.85, 0.12), 0.006, 0),
    FLUTE(Wave.of(1, .25, .08), Wave.of(1, .5, .3, .1), new Shape(0.06, 0.4, 0.85, 0.1), 0.005, 0),
    CHIP(
            Wave.of(1, 0, .34, 0, .2, 0, .14, 0, .11),
            Wave.of(1, .5, .3, .6, .2),
            new Shape(0.002, 0.2, 0.6, 0.03),
            0.004,
            0),
    SYNTH(Wave.saw(10, 1.0), Wave.saw(12, 0.6), new Shape(0.006, 0.25, 0.45, 0.15), 0.001, 0.005),
    FINGER_BASS(Wave.of(1, .6, .3, .15, .08), Wave.saw(10, 1), new Shape(0.008, 0.6, 0.25, 0.06), 0, 0),
    ACID(Wave.saw(5, 1.1), Wave.saw(14, 0.7), new Shape(0.004, 0.14, 0.35, 0.05), 0, 0),
    BELL(3.5, 2.2, 2.0),
    MUSIC_BOX(4.0, 1.1, 0.9),
    RHODES(1.0, 1.3, 1.1),
    MARIMBA(4.0, 0.7, 0.28),
    HARP(0.997, 0.5),
    GUITAR(0.994, 0.35),
    BANJO(0.986, 0.05);

    /// How a note grows and goes, in seconds; `sustain` is the loudness it decays to.
    record Shape(double attack, double decay, double sustain, double release) {}

    /// Makes the note's samples.
    private interface Voice {
        float[] play(double frequency, double seconds);
    }

    @SuppressWarnings("ImmutableEnumChecker") // waves are filled once, only ever read
    private final Voice voice;

    /// Something blown, bowed or electric: a wave that begins bright and settles.
    Instrument(Wave settled, Wave bright, Shape shape, double vibrato, double chorus) {
        voice = (frequency, seconds) -> {
            var note = new float[Tape.samples(seconds + shape.release())];
            double level = 0;
            double brightness = 0.8;
            double turns = 0;
            for (int i = 0; i < note.length; i++) {
                double time = i / (double) Tape.RATE;
                level = time < shape.attack()
                        ? time / shape.attack()
                        : level + (shape.sustain() - level) * 3 / (shape.decay() * Tape.RATE);
                brightness *= 1 - 4.0 / Tape.RATE;
                double release = Math.clamp((seconds + shape.release() - time) / shape.release(), 0, 1);
                double waver = vibrato * Math.min(1, 2 * time) * Wave.SINE.at(5.3 * time);
                turns += frequency * (1 + waver) / Tape.RATE;
                double body = settled.at(turns);
                double edge = bright.at(turns * (1 + chorus));
                double shimmer = chorus > 0 ? settled.at(turns * (1 - chorus)) : body;
                double tone = (1 - brightness) * (body + shimmer) / 2 + brightness * edge;
                note[i] = (float) (level * release * release * tone);
            }
            return note;
        };
    }

    /// Something struck: one sine shakes another (FM, after John Chowning), both ring out.
    Instrument(double ratio, double depth, double ringing) {
        voice = (frequency, seconds) -> {
            var note = new float[Tape.samples(Math.min(seconds + ringing, 3 * ringing))];
            double fade = StrictMath.exp(-2.5 / (ringing * Tape.RATE));
            double level = 1;
            for (int i = 0; i < note.length; i++) {
                double turns = frequency * i / Tape.RATE;
                double shake = depth * level * level * Wave.SINE.at(ratio * turns) / (2 * Math.PI);
                double ends = Math.min(1, (note.length - i) / 600.0);
                note[i] = (float) (Math.min(1, i / 60.0) * ends * level * Wave.SINE.at(turns + shake));
                level *= fade;
            }
            return note;
        };
    }

    /// Something plucked: a burst of noise runs round a string and loses its edges (Karplus and Strong).
    Instrument(double keeping, double softness) {
        voice = (frequency, seconds) -> {
            var note = new float[Tape.samples(seconds + 0.4)];
            double period = Tape.RATE / frequency;
            var string = new double[(int) Math.ceil(period + 0.5)];
            double tuning = string.length - 0.5 - period;
            var noise = new Random((long) (frequency * 1000));
            double last = 0;
            for (int i = 0; i < string.length; i++) {
                last = softness * last + (1 - softness) * (noise.nextDouble() * 2 - 1);
                string[i] = last;
            }
            double middle = Arrays.stream(string).average().orElse(0);
            Arrays.setAll(string, i -> string[i] - middle);
            for (int i = 0; i < note.length; i++) {
                int here = i % string.length;
                double next = string[(i + 1) % string.length];
                double after = string[(i + 2) % string.length];
                string[here] = keeping * ((1 - tuning) * string[here] + next + tuning * after) / 2;
                note[i] = (float) (1.6 * string[here] * Math.min(1, (note.length - i) / 2000.0));
            }
            return note;
        };
    }

    float[] play(int midiNote, double seconds) {
        return voice.play(440 * StrictMath.pow(2, (midiNote - 69) / 12.0), seconds);
    }
}
