package rocks.urvote.votes;

import java.util.Arrays;

/// Where on the line of all addresses which country begins: from `starts[i]` up to `starts[i + 1]` it is country number
/// `countries[i]`, and 0 is none. Addresses are compared as unsigned numbers.
final class CountryRanges {

    /// Each with its highest bit turned, so that the signed order of `long` is the unsigned one of addresses.
    private final long[] starts;

    private final byte[] countries;

    CountryRanges(long[] starts, byte[] countries) {
        if (starts.length != countries.length) {
            throw new IllegalArgumentException("%d starts of %d countries".formatted(starts.length, countries.length));
        }
        this.starts = new long[starts.length];
        this.countries = countries.clone();
        for (int i = 0; i < starts.length; i++) {
            this.starts[i] = starts[i] ^ Long.MIN_VALUE;
            if (i > 0 && this.starts[i] <= this.starts[i - 1]) {
                throw new IllegalArgumentException("%x comes after %x".formatted(starts[i], starts[i - 1]));
            }
        }
    }

    int at(long address) {
        int found = Arrays.binarySearch(starts, address ^ Long.MIN_VALUE);
        int begun = found >= 0 ? found : -found - 2;
        return begun < 0 ? 0 : Byte.toUnsignedInt(countries[begun]);
    }

    int size() {
        return starts.length;
    }

    long start(int i) {
        return starts[i] ^ Long.MIN_VALUE;
    }
}
