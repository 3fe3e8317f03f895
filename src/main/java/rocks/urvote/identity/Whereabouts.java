package rocks.urvote.identity;

import java.net.InetAddress;
import java.util.Optional;

/// In which country an address is, as far as that is known (ISO 3166-1 alpha-2): asked of the module that has the data.
public interface Whereabouts {

    Optional<String> countryOf(InetAddress address);
}
