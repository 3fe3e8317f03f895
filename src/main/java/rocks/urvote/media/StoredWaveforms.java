package rocks.urvote.media;

import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sound.sampled.AudioFormat.Encoding;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import rocks.urvote.web.Problem;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Draws waveforms: of WAV by the JDK's own means, of everything else by ffmpeg where the machine has it.
@Component
final class StoredWaveforms implements Waveforms {

    static final String PEAKS = "peaks.json";

    private static final Logger log = LoggerFactory.getLogger(StoredWaveforms.class);
    private static final int RATE = 8000;
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Semaphore drawing = new Semaphore(2);
    private final Folder folder;
    private final JsonMapper json;

    StoredWaveforms(Folder folder, JsonMapper json) {
        this.folder = folder;
        this.json = json;
    }

    @Override
    public Optional<Waveform> of(String path) {
        try {
            return Optional.of(json.readValue(Files.readString(folder.made(path, PEAKS)), Waveform.class))
                    .filter(waveform -> !waveform.peaks().isEmpty());
        } catch (NoSuchFileException e) {
            return draw(path);
        } catch (IOException | JacksonException e) {
            log.warn("The waveform of {} is drawn anew, as it could not be read", path, e);
            return draw(path);
        }
    }

    private Optional<Waveform> draw(String path) {
        try {
            if (!drawing.tryAcquire(10, TimeUnit.SECONDS)) {
                throw Problem.busy(Duration.ofSeconds(10)).raised();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.busy(Duration.ofSeconds(10)).raised();
        }
        try {
            var waveform = decode(folder.locate(path), path);
            if (waveform.isPresent()) {
                keep(path, waveform.get());
            }
            return waveform.filter(drawn -> !drawn.peaks().isEmpty());
        } catch (IOException e) {
            log.warn("The waveform of {} could not be drawn", path, e);
            return Optional.empty();
        } finally {
            drawing.release();
        }
    }

    private void keep(String path, Waveform waveform) throws IOException {
        var arriving = folder.arriving().resolve(folder.newName() + ".part");
        try {
            try (var channel = folder.open(arriving)) {
                var bytes = ByteBuffer.wrap(json.writeValueAsString(waveform).getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
            folder.keepMade(arriving, path, PEAKS);
        } finally {
            Files.deleteIfExists(arriving);
        }
    }

    /// No peaks for what was tried in vain, which is kept too; empty where there is nothing to try it with.
    private static Optional<Waveform> decode(Path file, String path) throws IOException {
        if (path.endsWith(".wav")) {
            try {
                return Optional.of(wav(file));
            } catch (UnsupportedAudioFileException | IllegalArgumentException e) {
                log.debug("The JDK does not decode {}", path, e);
            }
        }
        var ffmpeg = ffmpeg();
        return ffmpeg.isEmpty() ? Optional.empty() : Optional.of(decode(ffmpeg.get(), file, path));
    }

    private static Waveform wav(Path file) throws IOException, UnsupportedAudioFileException {
        try (var sound = AudioSystem.getAudioInputStream(file.toFile())) {
            var format = sound.getFormat();
            var plain = new javax.sound.sampled.AudioFormat(
                    Encoding.PCM_SIGNED,
                    format.getSampleRate(),
                    16,
                    format.getChannels(),
                    2 * format.getChannels(),
                    format.getSampleRate(),
                    false);
            try (var samples = AudioSystem.getAudioInputStream(plain, sound)) {
                var peaks = gather(samples);
                double frames = (double) peaks.samples() / format.getChannels();
                return new Waveform(seconds(frames / format.getSampleRate()), peaks.shown());
            }
        }
    }

    private static Waveform decode(Path ffmpeg, Path file, String path) throws IOException {
        var process = new ProcessBuilder(List.of(
                        ffmpeg.toString(),
                        "-nostdin",
                        "-v",
                        "quiet",
                        "-protocol_whitelist",
                        "file",
                        "-i",
                        "file:" + file,
                        "-vn",
                        "-ac",
                        "1",
                        "-ar",
                        Integer.toString(RATE),
                        "-f",
                        "s16le",
                        "pipe:1"))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        var watch = Thread.ofVirtual().name("ffmpeg watch").start(() -> {
            try {
                if (!process.waitFor(LONGEST)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
            }
        });
        try (var samples = process.getInputStream()) {
            var peaks = gather(samples);
            if (process.waitFor() == 0) {
                return new Waveform(seconds((double) peaks.samples() / RATE), peaks.shown());
            }
            log.warn("ffmpeg could not decode {}", path);
            return new Waveform(0, List.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Stopped while ffmpeg was decoding " + path, e);
        } finally {
            process.destroyForcibly();
            watch.interrupt();
        }
    }

    private static Peaks gather(InputStream samples) throws IOException {
        var peaks = new Peaks();
        var bytes = new BufferedInputStream(samples, 1 << 16);
        for (int low = bytes.read(); low >= 0; low = bytes.read()) {
            int high = bytes.read();
            if (high < 0) {
                break;
            }
            peaks.add((short) (high << 8 | low));
        }
        return peaks;
    }

    private static double seconds(double exact) {
        return Math.round(exact * 1000) / 1000.0;
    }

    private static Optional<Path> ffmpeg() {
        var path = System.getenv("PATH");
        return path == null
                ? Optional.empty()
                : Arrays.stream(path.split(File.pathSeparator))
                        .filter(folder -> folder.startsWith("/"))
                        .map(folder -> Path.of(folder, "ffmpeg"))
                        .filter(Files::isExecutable)
                        .findFirst();
    }
}
