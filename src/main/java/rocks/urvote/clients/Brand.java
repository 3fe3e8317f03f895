package rocks.urvote.clients;

import org.jspecify.annotations.Nullable;
import rocks.urvote.clients.Client.Theme;

/// What a client says about itself.
public record Brand(
        String slug,
        String name,
        @Nullable String tagline,
        @Nullable String about,
        @Nullable String websiteUrl,
        @Nullable String contactEmail,
        Theme theme) {}
