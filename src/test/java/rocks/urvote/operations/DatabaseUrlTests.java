package rocks.urvote.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        postgresql://ada:secret@db.example.org:5433/urvote   | jdbc:postgresql://db.example.org:5433/urvote
        postgres://ada:secret@db/urvote                      | jdbc:postgresql://db/urvote
        postgresql://ada:secret@[2001:db8::1]:5432/urvote    | jdbc:postgresql://[2001:db8::1]:5432/urvote
        postgresql://ada:secret@[::1]/urvote                 | jdbc:postgresql://[::1]/urvote
        postgresql://ada:secret@one:5432,two:5433/urvote     | jdbc:postgresql://one:5432,two:5433/urvote
        postgresql://ada:secret@db/ur%20vote                 | jdbc:postgresql://db/ur%20vote
        postgresql://ada:secret@db/urvote?sslmode=require    | jdbc:postgresql://db/urvote?sslmode=require
        postgresql://ada:secret@db/urvote?b=2&a=%26          | jdbc:postgresql://db/urvote?a=%26&b=2
        postgresql://ada:secret@db/urvote?connect_timeout=3  | jdbc:postgresql://db/urvote?connectTimeout=3
        """)
    void speaksToTheDriverWithoutUserAndPassword(String url, String jdbc) {
        assertThat(DatabaseUrl.parse(url).jdbc()).isEqualTo(jdbc);
    }

    @Test
    void decodesWhatStandsForItself() {
        var url = DatabaseUrl.parse("postgresql://ada%40home:s%2Fe%3Ac+r%25et@db/urvote");

        assertThat(url.user()).isEqualTo("ada@home");
        assertThat(url.password()).isEqualTo("s/e:c+r%et");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "postgresql://",
                "jdbc:postgresql://ada:secret@db/urvote",
                "postgresql://db/urvote",
                "postgresql://ada@db/urvote",
                "postgresql://ada:@db/urvote",
                "postgresql://ada:secret@/urvote",
                "postgresql://ada:secret@db/",
                "postgresql://ada:secret@db:123456/urvote",
                "postgresql://ada:secret@2001:db8::1/urvote",
                "postgresql://ada:se%zzret@db/urvote",
                "postgresql://ada:secret@db/urvote?sslmode"
            })
    void refusesWhatIsNoneWithoutRepeatingIt(String text) {
        assertThatThrownBy(() -> DatabaseUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("secret");
    }

    @Test
    void derivesTheSameLoginForTheApplicationOnEveryNode() {
        var application = DatabaseUrl.parse("postgresql://ada:key@db/urvote").asApplication();

        assertThat(application.user()).isEqualTo("urvote_user");
        // printf urvote_user | openssl dgst -sha256 -hmac key -binary | basenc --base64url
        assertThat(application.password()).isEqualTo("uzY7XRwPLnOGQt8J65xKfri01sgzuYsgMpOeCF5yUW8");
        assertThat(application.jdbc()).isEqualTo("jdbc:postgresql://db/urvote");
    }

    @Test
    void printsWithoutItsPassword() {
        assertThat(DatabaseUrl.parse("postgresql://ada:secret@db/urvote"))
                .hasToString("postgresql://ada:***@db/urvote");
    }
}
