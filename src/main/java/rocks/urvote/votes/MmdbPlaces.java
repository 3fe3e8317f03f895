package rocks.urvote.votes;

import com.maxmind.db.CHMCache;
import com.maxmind.db.InvalidNetworkException;
import com.maxmind.db.Reader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import rocks.urvote.operations.Command;

/// The countries of the operator's own `.mmdb` file, held in memory, so that the file may be replaced while UrVote
/// runs; the next start reads it again. A country stands in it as `country_code` (DB-IP, IPinfo) or as
/// `country.iso_code` (MaxMind).
final class MmdbPlaces implements Places {

    private static final Pattern COUNTRY = Pattern.compile("[A-Z]{2}");
    private static final int NETWORKS_WITHOUT_A_COUNTRY = 1000;
    private static final int IPV6 = 6;

    private final Path file;
    private final Reader reader;

    private MmdbPlaces(Path file, Reader reader) {
        this.file = file;
        this.reader = reader;
    }

    /// Refuses, in a line for the operator, what is no such file, and what knows something else than countries.
    static MmdbPlaces open(Path file) {
        try {
            var reader = new Reader(file.toFile(), Reader.FileMode.MEMORY, new CHMCache());
            if (!namesCountries(reader)) {
                throw new Command.Failed("URVOTE_GEOIP must be an .mmdb file of countries, but '%s' is one of %s"
                        .formatted(file, reader.getMetadata().databaseType()));
            }
            return new MmdbPlaces(file, reader);
        } catch (Command.Failed e) {
            throw e;
        } catch (IOException | InvalidNetworkException | RuntimeException e) {
            throw new Command.Failed(
                    "URVOTE_GEOIP must be an .mmdb file of countries, but '%s' cannot be read as one: %s"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    @Override
    public Optional<String> countryOf(InetAddress address) {
        if (address instanceof Inet6Address && reader.getMetadata().ipVersion() != IPV6) {
            return Optional.empty();
        }
        try {
            return country(reader.get(address, Map.class));
        } catch (IOException e) {
            throw new UncheckedIOException("%s of URVOTE_GEOIP is damaged".formatted(file), e);
        }
    }

    @Override
    public Source source() {
        var metadata = reader.getMetadata();
        return new Source(metadata.databaseType(), LocalDate.ofInstant(metadata.buildTime(), ZoneOffset.UTC));
    }

    private static boolean namesCountries(Reader reader) throws IOException, InvalidNetworkException {
        var networks = reader.networks(Map.class);
        for (int i = 0; i < NETWORKS_WITHOUT_A_COUNTRY && networks.hasNext(); i++) {
            if (country(networks.next().data()).isPresent()) {
                return true;
            }
        }
        return false;
    }

    private static Optional<String> country(@Nullable Map<?, ?> network) {
        if (network == null) {
            return Optional.empty();
        }
        var code = network.get("country") instanceof Map<?, ?> country
                ? country.get("iso_code")
                : network.get("country_code");
        return code instanceof String text && COUNTRY.matcher(text).matches() ? Optional.of(text) : Optional.empty();
    }
}
