package rocks.urvote.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmailAddressTests {

    @ParameterizedTest
    @CsvSource({
        "ada@example.org, ada@example.org",
        "Ada@Example.ORG, ada@example.org",
        "' ada@example.org ', ada@example.org",
        "ada+contest@example.org, ada@example.org",
        "ada+a+b@example.org, ada@example.org",
        "ada+@example.org, ada@example.org",
        "+ada@example.org, +ada@example.org",
        "a.d.a@example.org, a.d.a@example.org",
        "ada-x@example.org, ada-x@example.org",
        "ada@sub.example.org, ada@sub.example.org",
        "a.d.a@gmail.com, ada@gmail.com",
        "A.da+vote@GoogleMail.com, ada@gmail.com",
        "ada@googlemail.com, ada@gmail.com",
        "ada@me.com, ada@icloud.com",
        "ada+x@mac.com, ada@icloud.com",
        "a.da@icloud.com, a.da@icloud.com",
        "ada@pm.me, ada@proton.me",
        "ada@protonmail.com, ada@proton.me",
        "a.da+x@protonmail.ch, ada@proton.me",
        "ada@ya.ru, ada@yandex.ru",
        "ada@yandex.com, ada@yandex.ru",
        "ada+x@outlook.com, ada@outlook.com",
        "a.da@outlook.com, a.da@outlook.com",
        "ada@hotmail.com, ada@hotmail.com",
        "ada@live.com, ada@live.com",
        "ada@gmail.com.example.org, ada@gmail.com.example.org",
        "ADAI@EXAMPLE.ORG, adai@example.org",
    })
    void foldsEverySpellingOfAMailboxIntoOne(String typed, String folded) {
        assertThat(EmailAddress.parse(typed).orElseThrow().folded()).isEqualTo(folded);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ada",
                "@example.org",
                "ada@",
                "ada@localhost",
                "ada@@example.org",
                "ada@example..org",
                "ada@.example.org",
                "ada@example.org.",
                "ada@-example.org",
                "ada@example-.org",
                ".ada@example.org",
                "ada.@example.org",
                "a..da@example.org",
                "ada lovelace@example.org",
                "ada@exam ple.org",
                "ada@example.org\r\nBcc: eve@example.org",
                "ada\n@example.org",
                "ada\u0000@example.org",
                "\"ada\"@example.org",
                "ada@[127.0.0.1]",
                "ada@127.0.0.1",
                "<ada@example.org>",
                "Ada <ada@example.org>",
                "ada@example.org,eve@example.org",
                "ada@example.org;eve@example.org",
                "adä@example.org",
                "ada@exämple.org",
                "ada@example.c",
            })
    void takesNothingElseForAnAddress(String text) {
        assertThat(EmailAddress.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"64, true", "65, false"})
    void takesLocalPartsAsLongAsMailServersDo(int length, boolean taken) {
        assertThat(EmailAddress.parse("a".repeat(length) + "@example.org").isPresent())
                .isEqualTo(taken);
    }

    @ParameterizedTest
    @CsvSource({
        "ada@gmail.com, true",
        "ada@googlemail.com, true",
        "ADA@ME.COM, true",
        "ada@pm.me, true",
        "ada@yandex.com, true",
        "ada@fastmail.com, true",
        "ada@example.org, false",
        "ada@gmail.com.example.org, false",
    })
    void knowsWhichProvidersFold(String typed, boolean certain) {
        assertThat(new EmailAddress(typed).foldedForCertain()).isEqualTo(certain);
    }
}
