package rocks.urvote.media;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import rocks.urvote.kernel.UserId;

/// The uploads folder: takes what is proved to be audio, and hands it out.
///
/// It does not know who may hear a file: whoever asks has made sure of that.
public interface Files {

    /// A file that was kept. `path` is below the uploads folder: `YYYY/MM/<server-made name>`.
    record Kept(
            String path,
            long size,
            String sha256,
            AudioFormat format,
            @Nullable Duration duration) {}

    /// What became of bytes that arrived.
    sealed interface Arrival {
        record Accepted(Kept file) implements Arrival {}

        record TooLarge(long most) implements Arrival {}

        record NotAudio(String why) implements Arrival {}
    }

    /// Streams to `temp/`, measures, proves, and moves it to its place; of a refused file no byte stays behind.
    ///
    /// Throws when the bytes stop coming before their end, and leaves with 503 `busy` when the disk takes no more.
    /// Then nothing stays behind either.
    Arrival receive(UserId uploader, InputStream bytes, long mostBytes) throws IOException;

    Optional<Kept> find(String path);

    /// Where the bytes are, for serving.
    Path locate(String path);

    /// Takes a file away that nothing refers to any more, with what was made from it.
    void discard(String path);
}
