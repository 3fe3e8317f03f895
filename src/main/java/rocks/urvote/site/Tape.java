package rocks.urvote.site;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

/// Two tracks of tape, and the knobs of a small studio.
final class Tape {

    static final int RATE = 22_050;

    private static final int[][] COMBS = {{811, 877, 947, 1013}, {839, 907, 971, 1031}};
    private static final double LOUDNESS = 0.14;
    private static final double CEILING = 0.95;

    private final double[][] tracks;

    Tape(double seconds) {
        tracks = new double[2][samples(seconds)];
    }

    static int samples(double seconds) {
        return (int) (seconds * RATE);
    }

    /// Records a sound on top of what is there; pan goes from -1, left, to 1, right.
    void add(float[] sound, double at, double loudness, double pan) {
        int from = Math.max(0, samples(at));
        for (int side = 0; side < 2; side++) {
            double gain = loudness * StrictMath.sqrt((1 + (side == 0 ? -pan : pan)) / 2);
            int length = Math.min(sound.length, tracks[side].length - from);
            for (int i = 0; i < length; i++) {
                tracks[side][from + i] += gain * sound[i];
            }
        }
    }

    /// Each sound comes back from the other side, softer every time.
    void echo(double seconds, double share) {
        int delay = samples(seconds);
        for (int i = delay; i < tracks[0].length; i++) {
            tracks[0][i] += share * tracks[1][i - delay];
            tracks[1][i] += share * tracks[0][i - delay];
        }
    }

    /// A room around the band: Schroeder's parallel combs, dulled as walls do.
    void room(double share) {
        for (int side = 0; side < 2; side++) {
            var dry = tracks[side].clone();
            for (int size : COMBS[side]) {
                var walls = new double[size];
                double dull = 0;
                for (int i = 0; i < dry.length; i++) {
                    int place = i % walls.length;
                    double wet = walls[place];
                    dull += 0.6 * (wet - dull);
                    walls[place] = dry[i] + 0.82 * dull;
                    tracks[side][i] += share * 0.25 * wet;
                }
            }
        }
    }

    /// Fades out, brings the song to one common loudness, and rounds off what would clip.
    void master(double fadeSeconds) {
        double gain = LOUDNESS / loudness();
        int fade = samples(fadeSeconds);
        for (double[] track : tracks) {
            for (int i = 0; i < track.length; i++) {
                double out = Math.min(1, (track.length - i) / (double) fade);
                track[i] = CEILING * rounded(gain * track[i]) * out;
            }
        }
    }

    /// Leaves soft sounds alone and bends loud ones towards 1, as a valve does.
    private static double rounded(double sample) {
        double x = Math.clamp(sample, -3, 3);
        return x * (27 + x * x) / (27 + 9 * x * x);
    }

    /// As an ear has it: low notes count less, high ones a little more.
    private double loudness() {
        double power = 0;
        for (double[] track : tracks) {
            double low = 0;
            double middle = 0;
            for (double sample : track) {
                low += 0.03 * (sample - low);
                middle += 0.35 * (sample - middle);
                double heard = sample - low + 0.6 * (sample - middle);
                power += heard * heard;
            }
        }
        return Math.max(1e-9, Math.sqrt(power / (2.0 * tracks[0].length)));
    }

    void writeTo(OutputStream out) throws IOException {
        int length = tracks[0].length;
        var bytes = ByteBuffer.allocate(length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < length; i++) {
            for (double[] track : tracks) {
                bytes.putShort((short) Math.round(track[i] * Short.MAX_VALUE));
            }
        }
        var format = new AudioFormat(RATE, 16, 2, true, false);
        AudioSystem.write(
                new AudioInputStream(new ByteArrayInputStream(bytes.array()), format, length),
                AudioFileFormat.Type.WAVE,
                out);
    }
}
