package rocks.urvote.media;

import java.util.ArrayList;
import java.util.List;

/// The loudest moments of a piece of sound of any length, gathered while it streams by.
///
/// Each bin stands for the same number of samples. When they are full, neighbours become one, so memory stays small.
final class Peaks {

    private static final int SHOWN = 256;
    private static final int MOST = SHOWN * 8;

    private final int[] bins = new int[MOST];
    private int full;
    private long samplesEach = 1;
    private long samplesInLast;
    private long samples;

    void add(short sample) {
        if (samplesInLast == samplesEach) {
            full++;
            samplesInLast = 0;
            if (full == MOST) {
                halve();
            }
        }
        bins[full] = Math.max(samplesInLast == 0 ? 0 : bins[full], Math.abs((int) sample));
        samplesInLast++;
        samples++;
    }

    long samples() {
        return samples;
    }

    private void halve() {
        for (int i = 0; i < MOST / 2; i++) {
            bins[i] = Math.max(bins[2 * i], bins[2 * i + 1]);
        }
        full = MOST / 2;
        samplesEach *= 2;
    }

    List<Double> shown() {
        int used = samples == 0 ? 0 : full + 1;
        int shown = Math.min(SHOWN, used);
        var peaks = new ArrayList<Double>(shown);
        for (int i = 0; i < shown; i++) {
            int loudest = 0;
            for (int bin = (int) ((long) i * used / shown); bin < (long) (i + 1) * used / shown; bin++) {
                loudest = Math.max(loudest, bins[bin]);
            }
            peaks.add(Math.round(loudest / 32.768) / 1000.0);
        }
        return peaks;
    }
}
