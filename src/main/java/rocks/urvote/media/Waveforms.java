package rocks.urvote.media;

import java.util.List;
import java.util.Optional;

/// How loud a song is from its beginning to its end, for drawing it.
public interface Waveforms {

    /// `peaks` are from 0 to 1, evenly over the whole duration.
    record Waveform(double durationSeconds, List<Double> peaks) {

        public Waveform {
            peaks = List.copyOf(peaks);
        }
    }

    /// Computed once and kept; empty for what cannot be decoded here.
    Optional<Waveform> of(String path);
}
