package rocks.urvote.votes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CountryRangesTests {

    private final CountryRanges ranges =
            new CountryRanges(new long[] {10, 20, 0x8000_0000_0000_0000L}, new byte[] {1, 0, (byte) 250});

    @Test
    void beginWithTheirFirstAddressAndEndBeforeTheNext() {
        assertThat(ranges.at(9)).isZero();
        assertThat(ranges.at(10)).isEqualTo(1);
        assertThat(ranges.at(19)).isEqualTo(1);
        assertThat(ranges.at(20)).isZero();
    }

    @Test
    void takeAddressesAsUnsigned() {
        assertThat(ranges.at(Long.MAX_VALUE)).isZero();
        assertThat(ranges.at(Long.MIN_VALUE)).isEqualTo(250);
        assertThat(ranges.at(-1)).isEqualTo(250);
    }

    @Test
    void refuseToOverlap() {
        assertThatThrownBy(() -> new CountryRanges(new long[] {20, 20}, new byte[] {1, 2}))
                .hasMessage("14 comes after 14");
    }
}
