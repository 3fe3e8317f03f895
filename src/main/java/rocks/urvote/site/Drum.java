package rocks.urvote.site;

import java.util.Random;

/// The drummer: a falling tone for the skin, noise for everything that rattles.
enum Drum {
    KICK(120, 45, 0.28, 0.02, 0.2, 0),
    SNARE(210, 170, 0.2, 0.7, 0.6, 0.1),
    CLAP(900, 700, 0.18, 0.97, 0.8, -0.2),
    HAT(6000, 6000, 0.06, 0.98, 1, 0.3),
    SHAKER(5000, 5000, 0.1, 0.99, 0.9, -0.4),
    TIMPANI(110, 82, 0.9, 0.04, 0.1, 0.2);

    @SuppressWarnings("ImmutableEnumChecker") // filled once, only ever read
    private final float[] sound;

    private final double pan;

    Drum(double high, double low, double seconds, double rattle, double hiss, double pan) {
        this.pan = pan;
        sound = new float[Tape.samples(seconds)];
        var noise = new Random(name().hashCode());
        double turns = 0;
        double before = 0;
        for (int i = 0; i < sound.length; i++) {
            double gone = i / (double) sound.length;
            double level = StrictMath.exp(-5 * gone) * (1 - gone);
            turns += (low + (high - low) * StrictMath.exp(-25 * gone)) / Tape.RATE;
            double white = noise.nextDouble() * 2 - 1;
            double bright = white - hiss * before;
            before = white;
            sound[i] = (float) (level * ((1 - rattle) * Wave.SINE.at(turns) + rattle * bright / 2));
        }
    }

    float[] hit() {
        return sound;
    }

    /// Where the drum stands, from -1, left, to 1, right.
    double pan() {
        return pan;
    }
}
