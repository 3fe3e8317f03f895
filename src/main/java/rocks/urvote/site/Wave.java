package rocks.urvote.site;

/// One cycle of a steady sound, made of its harmonics.
final class Wave {

    private static final int SIZE = 2048;
    static final Wave SINE = of(1);

    private final float[] cycle;

    private Wave(float[] cycle) {
        this.cycle = cycle;
    }

    /// The loudness of the first harmonic, the second, and so on.
    static Wave of(double... harmonics) {
        var cycle = new float[SIZE];
        double peak = 0;
        for (int i = 0; i < SIZE; i++) {
            double sum = 0;
            for (int n = 1; n <= harmonics.length; n++) {
                sum += harmonics[n - 1] * StrictMath.sin(2 * Math.PI * n * i / SIZE);
            }
            cycle[i] = (float) sum;
            peak = Math.max(peak, Math.abs(sum));
        }
        for (int i = 0; i < SIZE; i++) {
            cycle[i] /= (float) peak;
        }
        return new Wave(cycle);
    }

    /// A sawtooth's harmonics, fading by the given power: 1 is sharp, 2 is round.
    static Wave saw(int harmonics, double power) {
        var loudness = new double[harmonics];
        for (int n = 1; n <= harmonics; n++) {
            loudness[n - 1] = StrictMath.pow(n, -power);
        }
        return of(loudness);
    }

    double at(double turns) {
        return cycle[(int) ((turns - Math.floor(turns)) * SIZE) & (SIZE - 1)];
    }
}
