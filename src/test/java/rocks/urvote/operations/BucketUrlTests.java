package rocks.urvote.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BucketUrlTests {

    @Test
    void hasAllItsParts() {
        assertThat(BucketUrl.parse("s3://kept.safe/a/b?endpoint=https://s3.example.org:9000&region=eu-central-1"))
                .isEqualTo(new BucketUrl(
                        "kept.safe",
                        "a/b/",
                        Optional.of(URI.create("https://s3.example.org:9000")),
                        Optional.of("eu-central-1")));
        assertThat(BucketUrl.parse("s3://kept"))
                .isEqualTo(new BucketUrl("kept", "", Optional.empty(), Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource({
        "s3://kept, s3://kept/",
        "s3://kept/, s3://kept/",
        "s3://kept/a//, s3://kept/a/",
        "s3://kept?region=x, s3://kept/?region=x",
        "s3://kept/a?endpoint=http%3A%2F%2F127.0.0.1, s3://kept/a/?endpoint=http://127.0.0.1"
    })
    void printsWhatItIsReadFromAgain(String text, String printed) {
        assertThat(BucketUrl.parse(text)).hasToString(printed);
        assertThat(BucketUrl.parse(printed)).isEqualTo(BucketUrl.parse(text));
    }

    @Test
    void givesWhatIsInItAnAddressOfItsOwn() {
        var place = BucketUrl.parse("s3://kept/a?endpoint=https://x.org&region=r");

        assertThat(BucketUrl.parseNamed(place.address("urvote_20261126_030000.dump")))
                .isEqualTo(new BucketUrl.Named(place, "urvote_20261126_030000.dump"));
        assertThat(BucketUrl.parseNamed("s3://kept/x.dump"))
                .isEqualTo(new BucketUrl.Named(BucketUrl.parse("s3://kept"), "x.dump"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3://",
                "s3:///a",
                "s3://Kept",
                "s3://key:geheim@kept",
                "s3://kept?endpoint=geheim",
                "s3://kept?endpoint=ftp://geheim",
                "s3://kept?endpoint=https://a:geheim@s3.example.org",
                "s3://kept?key=geheim",
                "s3://kept?geheim",
                "s3://kept?region=Geheim geheim",
                "https://kept"
            })
    void refusesAnythingElseWithoutRepeatingIt(String text) {
        assertThatThrownBy(() -> BucketUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContainIgnoringCase("geheim");
    }
}
