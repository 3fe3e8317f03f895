package rocks.urvote.votes;

import java.net.InetAddress;
import java.time.LocalDate;
import java.util.Optional;

/// In which country an address is, as ISO 3166-1 alpha-2; empty where nobody knows (a home network, a gap in the data).
public interface Places {

    Optional<String> countryOf(InetAddress address);

    /// Whose data answers, and how old it is.
    Source source();

    record Source(String name, LocalDate made) {}
}
