package rocks.urvote.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressesTests {

    @ParameterizedTest
    @CsvSource({
        "203.0.113.9,                  203.0.113.9",
        "::ffff:203.0.113.9,           203.0.113.9",
        "2001:db8:1:2:3:4:5:6,         2001:db8:1:2::",
        "2001:db8:1:2:ffff:ffff:ffff:ffff, 2001:db8:1:2::",
        "2001:db8:1:3::6,              2001:db8:1:3::",
        "64:ff9b::cb00:7109,           203.0.113.9",
        "64:ff9b:1::cb00:7109,         64:ff9b:1::",
        "::1,                          ::"
    })
    void countsAHouseholdAsOne(String address, String network) {
        assertThat(ClientAddresses.network(InetAddress.ofLiteral(address))).isEqualTo(InetAddress.ofLiteral(network));
    }
}
