package rocks.urvote.votes;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BundledPlacesTests {

    private final BundledPlaces places = new BundledPlaces();

    /// Networks universities have had for decades.
    @ParameterizedTest
    @CsvSource({
        "133.11.0.1, JP",
        "130.54.0.1, JP",
        "141.20.1.1, DE",
        "130.149.7.1, DE",
        "129.132.1.1, CH",
        "163.1.1.1, GB",
        "138.231.1.1, FR",
        "143.107.1.1, BR",
        "18.7.22.1, US",
        "128.214.1.1, FI",
        "166.111.4.1, CN",
        "143.248.1.1, KR",
        "132.248.1.1, MX",
        "137.158.1.1, ZA",
        "2001:200::1, JP",
        "2001:638::1, DE",
        "2001:620::1, CH",
        "2001:660::1, FR",
        "2001:468::1, US"
    })
    void knowWhereUniversitiesAre(String address, String country) {
        assertThat(places.countryOf(InetAddress.ofLiteral(address))).contains(country);
    }

    @ParameterizedTest
    @CsvSource({
        "147.8.0.0, 147.8.255.255, HK, 147.7.255.255, 147.9.0.0",
        "131.111.0.0, 131.111.255.255, GB, 131.110.255.255, 131.112.0.0",
        "137.189.0.0, 137.189.255.255, HK, 137.188.255.255, 137.190.0.0",
        "139.80.0.0, 139.80.255.255, NZ, 139.79.255.255, 139.81.0.0",
        "2001:630::, 2001:630:ffff:ffff:ffff:ffff:ffff:ffff, GB, 2001:62f:ffff:ffff::, 2001:631::"
    })
    void knowWhereANetworkBeginsAndEnds(String first, String last, String country, String before, String after) {
        assertThat(places.countryOf(InetAddress.ofLiteral(first))).contains(country);
        assertThat(places.countryOf(InetAddress.ofLiteral(last))).contains(country);
        assertThat(places.countryOf(InetAddress.ofLiteral(before)))
                .isPresent()
                .get()
                .isNotEqualTo(country);
        assertThat(places.countryOf(InetAddress.ofLiteral(after)))
                .isPresent()
                .get()
                .isNotEqualTo(country);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.1.2.3",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.0.1",
                "169.254.1.1",
                "100.64.0.1",
                "0.0.0.0",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "fe80::1",
                "fd00::1",
                "ff02::1",
                "2001:db8::1"
            })
    void knowNoCountryOfAddressesThatAreNowhere(String address) {
        assertThat(places.countryOf(InetAddress.ofLiteral(address))).isEmpty();
    }

    @Test
    void knowAnAddressOfTheOldKindInTheDressOfTheNew() throws UnknownHostException {
        var mapped = Inet6Address.getByAddress(
                null, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, (byte) 133, 11, 0, 1}, -1);

        assertThat(places.countryOf(mapped)).contains("JP");
    }

    @Test
    void nameCountriesAsContestsDo() {
        var known = Set.of(Locale.getISOCountries());
        var random = new Random(2);

        for (int i = 0; i < 10_000; i++) {
            var bytes = new byte[4];
            random.nextBytes(bytes);
            places.countryOf(address(bytes))
                    .ifPresent(country -> assertThat(known.contains(country) || country.equals("XK"))
                            .as(country)
                            .isTrue());
        }
    }

    @Test
    void holdRangesThatAreSortedAndJoined() {
        var random = new Random(1);
        for (var ranges : Set.of(places.ipv4(), places.ipv6())) {
            assertThat(ranges.size()).isGreaterThan(100_000);
            for (int n = 0; n < 10_000; n++) {
                int i = random.nextInt(ranges.size() - 1);
                int here = ranges.at(ranges.start(i));

                assertThat(Long.compareUnsigned(ranges.start(i), ranges.start(i + 1)))
                        .isNegative();
                assertThat(ranges.at(ranges.start(i + 1) - 1)).isEqualTo(here);
                assertThat(ranges.at(ranges.start(i + 1))).isNotEqualTo(here);
            }
        }
    }

    @Test
    void sayWhoseTheyAreAndHowOld() {
        assertThat(places.source().name()).isEqualTo("DB-IP");
        assertThat(places.source().made()).isAfterOrEqualTo(LocalDate.of(2026, 6, 1));
    }

    private static InetAddress address(byte... bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
