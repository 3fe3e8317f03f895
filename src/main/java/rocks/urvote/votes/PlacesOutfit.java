package rocks.urvote.votes;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import rocks.urvote.operations.Command;
import rocks.urvote.operations.Inspection.Finding;
import rocks.urvote.operations.Outfit;

/// Whether the countries of addresses are known, and how old that knowledge is.
final class PlacesOutfit implements Outfit {

    @Override
    public Finding look(Map<String, Object> settings) {
        var file = settings.get("urvote.geoip");
        try {
            var source = places(file).source();
            return Finding.fine("GeoIP: countries by %s of %s%s"
                    .formatted(source.name(), source.made(), file == null ? ", which comes with UrVote" : ""));
        } catch (Command.Failed e) {
            return Finding.stopping("GeoIP: " + e.getMessage());
        }
    }

    private static Places places(@Nullable Object file) {
        return file == null ? new BundledPlaces() : MmdbPlaces.open(Path.of(file.toString()));
    }
}
