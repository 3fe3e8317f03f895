package rocks.urvote.site;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// A song for the demo: what its artist would have typed into the form, and the score it is played from.
record DemoSong(String contest, String title, String artistName, String genre, String description, String score) {

    static final String AI_TOOLS = "UrVote demo composer (algorithmic, no trained model)";
    static final String LICENSE = "cc0";

    String fileName() {
        return title.toLowerCase(Locale.ROOT).replace("'", "").replaceAll("[^a-z0-9]+", "-") + ".wav";
    }

    /// Composes, plays and writes the song as 16-bit stereo WAV; the same bytes every time.
    void writeTo(OutputStream wav) throws IOException {
        Composer.perform(new Score(title, score)).writeTo(wav);
    }

    void writeTo(Path file) throws IOException {
        try (var wav = Files.newOutputStream(file)) {
            writeTo(wav);
        }
    }
}
