package rocks.urvote.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.List;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DemoSongsTests {

    /// A song as an analyst sees it: seconds, samples of both tracks in turn.
    record Heard(String title, int bytes, double seconds, ShortBuffer samples) {}

    static final List<Heard> songs = new ArrayList<>();

    @BeforeAll
    static void playThemAll() throws IOException, UnsupportedAudioFileException {
        for (var song : DemoSongs.all()) {
            byte[] wav = wav(song);
            try (var audio = AudioSystem.getAudioInputStream(new ByteArrayInputStream(wav))) {
                byte[] data = audio.readAllBytes();
                var samples =
                        ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
                double seconds = audio.getFrameLength() / audio.getFormat().getFrameRate();
                songs.add(new Heard(song.title(), wav.length, seconds, samples));
            }
        }
    }

    @Test
    void fillsThreeContestsWithFiveSongsEach() {
        assertThat(DemoSongs.all()).hasSize(15);
        assertThat(DemoSongs.all().stream().map(DemoSong::contest).distinct()).hasSize(3);
        assertThat(DemoSongs.all().stream().map(DemoSong::fileName).distinct()).hasSize(15);
        assertThat(DemoSongs.all().stream().map(DemoSong::artistName).distinct())
                .hasSize(15);
    }

    @Test
    void playsEachForHalfAMinuteOrSoInLessThanThreeMegabytes() {
        assertThat(songs).allSatisfy(song -> {
            assertThat(song.seconds()).as(song.title()).isBetween(24.0, 40.0);
            assertThat(song.bytes()).as(song.title()).isLessThan(3_000_000);
        });
    }

    @Test
    void playsThemEquallyLoudAndNeverTooLoud() {
        assertThat(songs).allSatisfy(song -> {
            int peak = 0;
            double power = 0;
            for (int i = 0; i < song.samples().limit(); i++) {
                short sample = song.samples().get(i);
                peak = Math.max(peak, Math.abs(sample));
                power += (double) sample * sample;
            }
            double level = Math.sqrt(power / song.samples().limit()) / Short.MAX_VALUE;

            assertThat(peak).as(song.title()).isBetween(12_000, 32_000);
            assertThat(level).as(song.title()).isBetween(0.08, 0.35);
        });
    }

    @Test
    void endsEachInSilence() {
        assertThat(songs)
                .allSatisfy(song -> assertThat(
                                Math.abs((int) song.samples().get(song.samples().limit() - 1)))
                        .as(song.title())
                        .isLessThan(100));
    }

    @Test
    void givesEachItsOwnCourseAndColour() {
        for (var one : songs) {
            for (var other : songs) {
                if (!one.title().equals(other.title())) {
                    assertThat(alike(course(one), course(other)))
                            .as("%s and %s", one.title(), other.title())
                            .isLessThan(0.97);
                }
            }
        }
    }

    @Test
    void playsTheSameBytesEveryTime() throws IOException {
        var song = DemoSongs.all().getFirst();

        assertThat(wav(song)).isEqualTo(wav(song));
    }

    /// How loud the song is in each sixteenth of a second, low and high apart, without its average.
    private static double[] course(Heard song) {
        int slice = Tape.RATE / 16 * 2;
        int slices = Math.min(song.samples().limit() / slice, 24 * 16);
        var course = new double[slices * 2];
        double low = 0;
        for (int i = 0; i < slices * slice; i++) {
            low += 0.08 * (song.samples().get(i) - low);
            course[i / slice] += Math.abs(low);
            course[slices + i / slice] += Math.abs(song.samples().get(i) - low);
        }
        for (int half = 0; half < 2; half++) {
            double mean = 0;
            for (int i = 0; i < slices; i++) {
                mean += course[half * slices + i] / slices;
            }
            for (int i = 0; i < slices; i++) {
                course[half * slices + i] -= mean;
            }
        }
        return course;
    }

    /// 1 when both rise and fall together, 0 when they have nothing to do with each other.
    private static double alike(double[] one, double[] other) {
        double both = 0;
        double first = 0;
        double second = 0;
        for (int i = 0; i < Math.min(one.length, other.length); i++) {
            both += one[i] * other[i];
            first += one[i] * one[i];
            second += other[i] * other[i];
        }
        return both / Math.sqrt(first * second);
    }

    private static byte[] wav(DemoSong song) throws IOException {
        var out = new ByteArrayOutputStream();
        song.writeTo(out);
        return out.toByteArray();
    }
}
