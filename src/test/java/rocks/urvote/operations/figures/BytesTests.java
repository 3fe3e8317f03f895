package rocks.urvote.operations.figures;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BytesTests {

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.0 kB",
        "10188, 9.9 kB",
        "10189, 10 kB",
        "1048063, 1023 kB",
        "1048064, 1.0 MB",
        "-3145728, -3.0 MB",
        "9223372036854775807, 8192 PB"
    })
    void readsLikeASize(long bytes, String text) {
        assertThat(Bytes.text(bytes)).isEqualTo(text);
    }
}
