package rocks.urvote.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlugTests {

    @ParameterizedTest
    @CsvSource({
        "Sound of Chi, sound-of-chi",
        "PayPortPro, payportpro",
        "The House of Mary & Joseph, the-house-of-mary-and-joseph",
        "Grüße aus Øresund, grusse-aus-resund",
        "Ada's  Club!!, adas-club",
        "---, client",
        "音楽, client"
    })
    void saysANameInSmallLettersAndHyphens(String name, String slug) {
        assertThat(Slug.of(name, _ -> false)).isEqualTo(new Slug(slug));
    }

    @Test
    void addsANumberWhereTheWordIsTaken() {
        var taken = Set.of(new Slug("chi"), new Slug("chi-2"));

        assertThat(Slug.of("Chi", taken::contains)).isEqualTo(new Slug("chi-3"));
    }

    @Test
    void staysWithinItsLengthEvenWithANumber() {
        var name = "a ".repeat(100);

        var first = Slug.of(name, _ -> false);
        var second = Slug.of(name, first::equals);

        assertThat(first.value()).hasSizeLessThanOrEqualTo(Slug.LONGEST);
        assertThat(second.value()).hasSizeLessThanOrEqualTo(Slug.LONGEST).endsWith("-2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a-", "a--b", "A", "a b", "ä", "a/b", "..", "a'"})
    void isNothingElse(String text) {
        assertThat(Slug.wellFormed(text)).isFalse();
    }
}
