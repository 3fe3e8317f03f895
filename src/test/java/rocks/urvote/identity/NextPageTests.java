package rocks.urvote.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class NextPageTests {

    @ParameterizedTest
    @ValueSource(strings = {"/", "/me", "/contests/7?sort=votes&q=a%20b#top", "/clients/sound-of-chi"})
    void goesOnToAPathOfOurs(String wish) {
        assertThat(NextPage.of(wish).path()).isEqualTo(wish);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                "//evil.example",
                "///evil.example",
                "/\\evil.example",
                "\\\\evil.example",
                "/me\\..\\evil",
                "https:evil.example",
                "https://evil.example",
                "javascript:alert(1)",
                "me",
                " /me",
                "/\t/evil.example",
                "/\n/evil.example",
                "/me\r\nSet-Cookie: a=b",
                "/with blank",
                "/ümlaut",
                "/..//evil.example",
                "/.//evil.example",
                "/me//evil.example",
                "/me/../x",
                "/me/..",
                "/%2e%2e/x",
                "/%2F/evil.example",
            })
    void goesToTheFrontPageRatherThanElsewhere(String wish) {
        assertThat(NextPage.of(wish).path()).isEqualTo("/");
    }
}
