package rocks.urvote.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ColourTests {

    @ParameterizedTest
    @CsvSource({"#000000, #ffffff", "#ffffff, #000000", "#1f4fa8, #ffffff", "#ffd23f, #000000", "#0f5c5c, #ffffff"})
    void writesInTheInkThatIsEasierToRead(String brand, String ink) {
        assertThat(new Colour(brand).ink()).isEqualTo(new Colour(ink));
    }

    @Test
    void keepsTextReadableOnAnyColour() {
        var random = RandomGenerator.of("L64X128MixRandom");
        for (int i = 0; i < 1000; i++) {
            var brand = new Colour("#%06x".formatted(random.nextInt(0x1000000)));

            assertThat(brand.contrast(brand.ink())).as(brand.hex()).isGreaterThanOrEqualTo(4.5);
        }
    }

    @Test
    void reckonsContrastAsTheGuidelinesDo() {
        assertThat(Colour.BLACK.contrast(Colour.WHITE)).isCloseTo(21, within(0.001));
        assertThat(new Colour("#777777").contrast(Colour.WHITE)).isCloseTo(4.48, within(0.01));
    }

    @Test
    void readsCapitals() {
        assertThat(Colour.parse(" #ABCDEF ")).contains(new Colour("#abcdef"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "red", "#fff", "#12345g", "#1234567", "#123456;}body{", "123456"})
    void isNothingElse(String text) {
        assertThat(Colour.parse(text)).isEmpty();
    }
}
