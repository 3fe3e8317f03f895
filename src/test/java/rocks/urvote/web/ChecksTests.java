package rocks.urvote.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksTests {

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "\u200B", "\u200B \u2060\uFEFF", "\u00A0", "\u3164\u2800", "\uFE0F"})
    void takesALineThatShowsNothingAsMissing(String line) {
        var checks = Checks.start();

        checks.line("name", line, 10);

        assertThat(checks.errors()).containsExactly(new Problem.FieldError("name", "is required"));
        assertThat(checks.optionalLine("name", line, 10)).isEmpty();
    }

    @Test
    void keepsTheCharactersThatJoinVisibleOnes() {
        assertThat(Checks.start().line("name", "\uD83D\uDC69\u200D\uD83C\uDFA4", 10))
                .isEqualTo("\uD83D\uDC69\u200D\uD83C\uDFA4");
    }
}
