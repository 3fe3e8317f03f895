package rocks.urvote.clients;

import org.jspecify.annotations.Nullable;
import rocks.urvote.kernel.ClientId;

/// A brand that runs contests.
public record Client(
        ClientId id,
        String slug,
        String name,
        @Nullable String tagline,
        @Nullable String about,
        @Nullable String websiteUrl,
        @Nullable String contactEmail,
        Theme theme) {

    /// Its colours, as `#rrggbb`.
    public record Theme(String brand, String accent) {

        public static final Theme DEFAULT = new Theme("#0f5c5c", "#e4572e");
    }
}
