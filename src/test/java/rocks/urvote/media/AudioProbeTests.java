package rocks.urvote.media;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rocks.urvote.media.Probed.Audio;
import rocks.urvote.media.Probed.NotAudio;

class AudioProbeTests {

    @TempDir
    Path folder;

    AudioProbe probe = new AudioProbe();

    @ParameterizedTest
    @CsvSource({
        "tone.mp3, MP3, 2000",
        "tone-vbr.mp3, MP3, 2000",
        "tone.wav, WAV, 1500",
        "tone.flac, FLAC, 1500",
        "tone.m4a, M4A, 2000",
        "tone-alac.m4a, M4A, 1200",
        "tone.aac, AAC, 2000",
        "tone.ogg, OGG, 2000",
        "tone.opus, OPUS, 2000"
    })
    void tellsWhatASongIsAndHowLongItLasts(String name, AudioFormat format, long millis) throws IOException {
        var audio = (Audio) probe.probe(fixture(name));

        assertThat(audio.format()).isEqualTo(format);
        assertThat(audio.duration()).isBetween(Duration.ofMillis(millis - 10), Duration.ofMillis(millis + 200));
    }

    @Test
    void leavesOpenHowLongAFragmentedFileLasts() throws IOException {
        assertThat(probe.probe(fixture("tone-fragmented.m4a"))).isEqualTo(new Audio(AudioFormat.M4A, null));
    }

    @ParameterizedTest
    @CsvSource({"page.html, a web page", "words.txt, text", "picture.png, a picture", "picture.jpg, a picture"})
    void saysWhatItIsInsteadOfAudio(String name, String what) throws IOException {
        assertThat(probe.probe(fixture(name))).isEqualTo(new NotAudio("This is " + what + ", not audio"));
    }

    @Test
    void takesNoVideo() throws IOException {
        assertThat(probe.probe(fixture("video.mp4"))).isEqualTo(new NotAudio("This is a video, not audio"));
    }

    @Test
    void takesNothingShorterThanASecond() throws IOException {
        assertThat(probe.probe(fixture("short.mp3"))).isEqualTo(new NotAudio("The song is shorter than one second"));
    }

    @Test
    void takesNoEmptyFile() throws IOException {
        assertThat(whyNot(new byte[0])).isEqualTo("The file is empty");
    }

    @Test
    void takesNoSingleByteWhateverItIs() throws IOException {
        for (int octet = 0; octet < 256; octet++) {
            assertThat(probed((byte) octet)).isInstanceOf(NotAudio.class);
        }
    }

    @Test
    void looksAtTheContentAndNotAtTheName() throws IOException {
        var song = Files.copy(fixture("tone.flac"), folder.resolve("holiday.jpg"));
        var page = Files.copy(fixture("page.html"), folder.resolve("song.mp3"));

        assertThat(probe.probe(song)).isInstanceOf(Audio.class);
        assertThat(probe.probe(page)).isInstanceOf(NotAudio.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tone.mp3",
                "tone-vbr.mp3",
                "tone.wav",
                "tone.flac",
                "tone.m4a",
                "tone-alac.m4a",
                "tone-fragmented.m4a",
                "tone.aac",
                "tone.ogg",
                "tone.opus"
            })
    void takesNoSongThatIsCutOff(String name) throws IOException {
        byte[] song = bytes(name);
        for (int percent : new int[] {1, 5, 20, 50, 90, 98}) {
            byte[] cut = Arrays.copyOf(song, song.length * percent / 100 + 1);

            assertThat(probed(cut)).as("%s cut at %d %%", name, percent).isInstanceOf(NotAudio.class);
        }
    }

    @Test
    void saysHowMuchOfACutSongIsThere() throws IOException {
        byte[] wav = bytes("tone.wav");
        byte[] mp3 = bytes("tone-vbr.mp3");
        byte[] flac = bytes("tone.flac");

        assertThat(whyNot(Arrays.copyOf(wav, 23_000))).isEqualTo("The file is cut off: its end is missing");
        assertThat(whyNot(Arrays.copyOf(wav, 10_000)))
                .isEqualTo("The file is cut off: it promises 0:01 and holds 0:00");
        assertThat(whyNot(Arrays.copyOf(mp3, 2000))).isEqualTo("The file is cut off: it promises 0:02 and holds 0:00");
        assertThat(whyNot(Arrays.copyOf(flac, 20_000)))
                .isEqualTo("The file is cut off: it promises 0:01 and holds 0:00");
    }

    @Test
    void cannotMissWhatAnMp3WithoutAnnouncementLostBetweenTwoFrames() throws IOException {
        byte[] song = bytes("tone.mp3");
        int frame = 144;

        assertThat(probed(Arrays.copyOf(song, 40 * frame))).isInstanceOf(Audio.class);
        assertThat(probed(Arrays.copyOf(song, 40 * frame + 100))).isInstanceOf(NotAudio.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tone.mp3",
                "tone-vbr.mp3",
                "tone.wav",
                "tone.flac",
                "tone.m4a",
                "tone-alac.m4a",
                "tone.aac",
                "tone.ogg",
                "tone.opus"
            })
    void forgivesAFewStrayBytesAtTheEnd(String name) throws IOException {
        byte[] stray = new byte[10];
        for (int seed = 0; seed < 20; seed++) {
            new Random(seed).nextBytes(stray);

            assertThat(probed(joined(bytes(name), stray))).as(name).isEqualTo(probe.probe(fixture(name)));
        }
    }

    @Test
    void readsPastTheTagsOfOtherPrograms() throws IOException {
        byte[] id3v1 = joined("TAG".getBytes(ISO_8859_1), new byte[125]);
        byte[] ape = ("APETAGEX\u00d0\7\0\0\40\0\0\0\0\0\0\0\0\0\0\0" + "\0".repeat(8)).getBytes(ISO_8859_1);
        byte[] padded = joined("ID3\4\0\0\0\0\2\0".getBytes(ISO_8859_1), new byte[256 + 300]);

        assertThat(probed(joined(padded, bytes("tone.mp3"), ape, id3v1))).isEqualTo(probe.probe(fixture("tone.mp3")));
        assertThat(probed(joined(bytes("tone.flac"), id3v1))).isEqualTo(probe.probe(fixture("tone.flac")));
    }

    @Test
    void takesNoPageWithASongInIt() throws IOException {
        byte[] page = bytes("page.html");
        byte[] frames = Arrays.copyOf(bytes("tone.mp3"), 2000);

        assertThat(whyNot(joined(page, frames))).isEqualTo("This is a web page, not audio");
        assertThat(whyNot(joined(page, bytes("tone.mp3")))).isEqualTo("This is a web page, not audio");
        assertThat(probed(joined(Arrays.copyOf(bytes("tone.mp3"), 144), page))).isInstanceOf(NotAudio.class);
    }

    @Test
    void takesNoPageBehindTheHeaderOfAWav() throws IOException {
        byte[] page = bytes("page.html").clone();
        byte[] pages = joined(IntStream.range(0, 200).mapToObj(_ -> page).toArray(byte[][]::new));
        byte[] promising = Arrays.copyOf(bytes("tone.wav"), 44);
        byte[] exact = promising.clone();
        ByteBuffer.wrap(exact).order(ByteOrder.LITTLE_ENDIAN).putInt(40, pages.length);

        assertThat(whyNot(joined(promising, page))).startsWith("The file is cut off");
        assertThat(whyNot(joined(exact, pages))).isEqualTo("There is text in this WAV where its sound should be");
    }

    @Test
    void takesNoNoise() {
        for (int seed = 0; seed < 2000; seed++) {
            var random = new Random(seed);
            byte[] noise = new byte[random.nextInt(1, 3000)];
            random.nextBytes(noise);

            assertThat(probed(noise)).as("seed %d", seed).isInstanceOf(NotAudio.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ID3\4\0\0\0\0\0\0",
                "RIFF\0\0\0\0WAVE",
                "fLaC\0\0\0\42",
                "OggS\0\2",
                "\0\0\0\20ftypM4A ",
                "\u00ff\u00fb",
                "\u00ff\u00f1"
            })
    void takesNoNoiseBehindAFamiliarBeginning(String beginning) {
        for (int seed = 0; seed < 1000; seed++) {
            var random = new Random(seed);
            byte[] noise = new byte[random.nextInt(1, 5000)];
            random.nextBytes(noise);

            assertThat(probed(joined(beginning.getBytes(ISO_8859_1), noise)))
                    .as("seed %d", seed)
                    .isInstanceOf(NotAudio.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tone.mp3",
                "tone-vbr.mp3",
                "tone.wav",
                "tone.flac",
                "tone.m4a",
                "tone-alac.m4a",
                "tone-fragmented.m4a",
                "tone.aac",
                "tone.ogg",
                "tone.opus",
                "video.mp4"
            })
    void alwaysAnswersAboutAMangledFile(String name) throws IOException {
        byte[] song = bytes(name);
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (int seed = 0; seed < 300; seed++) {
                byte[] mangled = song.clone();
                var random = new Random(seed);
                int reach = seed % 2 == 0 ? Math.min(600, song.length) : song.length;
                for (int flip = random.nextInt(1, 12); flip > 0; flip--) {
                    mangled[random.nextInt(reach)] ^= (byte) (1 << random.nextInt(8));
                }

                assertThat(probed(mangled)).as("seed %d", seed).isNotNull();
            }
        });
    }

    @Test
    void staysCalmBeforeLengthsThatOverflowAndPartsWithoutEnd() throws IOException {
        var ftyp = "\0\0\0\20ftypM4A \0\0\0\0";
        var tiny = "\0\0\0\10free".repeat(100_000);
        var nested = new StringBuilder();
        for (int depth = 20_000; depth > 0; depth--) {
            nested.append(latin(ByteBuffer.allocate(4).putInt(depth * 8).array()))
                    .append("moov");
        }
        var chunks = "RIFF\0\0\0\0WAVE" + "junk\0\0\0\0".repeat(100_000);
        var blocks = "fLaC\0\0\0\42" + "\1".repeat(34) + "\1\0\0\0".repeat(100_000);

        for (var hostile : new String[] {
            ftyp + "\0\0\0\1moov\u007f" + "\u00ff".repeat(7) + "\0".repeat(100),
            ftyp + "\0\0\0\1moov\u0080" + "\0".repeat(107),
            ftyp + "\0\0\0\0moov" + tiny,
            ftyp + "\0\0\0\0moov" + "\0".repeat(1000),
            ftyp + nested,
            tiny,
            chunks,
            "RIFF\0\0\0\0WAVE" + "junk\u00ff\u00ff\u00ff\u00ff".repeat(10),
            blocks,
            "ID3\4\0\0\0\0\0\0".repeat(100_000),
            "OggS\0\2".repeat(100_000),
            "\0".repeat(1_000_000)
        }) {
            var answer = assertTimeoutPreemptively(Duration.ofSeconds(5), () -> probed(hostile.getBytes(ISO_8859_1)));

            assertThat(answer).isInstanceOf(NotAudio.class);
        }
    }

    private Probed probed(byte... content) {
        try {
            return probe.probe(Files.write(folder.resolve("upload"), content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String whyNot(byte[] content) {
        return ((NotAudio) probed(content)).why();
    }

    private static Path fixture(String name) {
        return Path.of("src/test/resources/audio", name);
    }

    private static byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(fixture(name));
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    private static byte[] joined(byte[]... parts) {
        var all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }
}
