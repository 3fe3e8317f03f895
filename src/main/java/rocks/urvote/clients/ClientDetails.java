package rocks.urvote.clients;

import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import rocks.urvote.clients.Client.Theme;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.web.Checks;

/// What somebody writes down about a client, not yet looked at.
@Schema(requiredProperties = {"slug", "name"})
record ClientDetails(
        @Nullable String slug,
        @Nullable String name,
        @Nullable String tagline,
        @Nullable String about,
        @Nullable String websiteUrl,
        @Nullable String contactEmail,
        @Nullable Colours theme) {

    record Colours(@Nullable String brand, @Nullable String accent) {}

    static ClientDetails of(Brand brand) {
        return new ClientDetails(
                brand.slug(),
                brand.name(),
                brand.tagline(),
                brand.about(),
                brand.websiteUrl(),
                brand.contactEmail(),
                new Colours(brand.theme().brand(), brand.theme().accent()));
    }

    static ClientDetails of(Client client) {
        return of(new Brand(
                client.slug(),
                client.name(),
                client.tagline(),
                client.about(),
                client.websiteUrl(),
                client.contactEmail(),
                client.theme()));
    }

    Brand checked(Checks checks) {
        var colours = theme == null ? new Colours(null, null) : theme;
        return new Brand(
                slug(checks),
                Naming.name(checks, name),
                checks.optionalLine("tagline", tagline, 200).orElse(null),
                checks.optionalLines("about", about, 10_000).orElse(null),
                checks.optionalLink("website_url", websiteUrl, "https", "http")
                        .map(ClientDetails::plain)
                        .orElse(null),
                contactEmail == null || contactEmail.isBlank()
                        ? null
                        : checks.email("contact_email", contactEmail)
                                .map(EmailAddress::value)
                                .orElse(null),
                new Theme(
                        colour(checks, "theme.brand", colours.brand(), Theme.DEFAULT.brand()),
                        colour(checks, "theme.accent", colours.accent(), Theme.DEFAULT.accent())));
    }

    private String slug(Checks checks) {
        var word = checks.line("slug", slug, Slug.LONGEST);
        if (!word.isEmpty() && !Slug.wellFormed(word)) {
            checks.wrong("slug", "must be small letters and digits, with single hyphens between them");
        }
        return word;
    }

    private static String colour(Checks checks, String field, @Nullable String text, String otherwise) {
        if (text == null || text.isBlank()) {
            return otherwise;
        }
        return Colour.parse(text).map(Colour::hex).orElseGet(() -> {
            checks.wrong(field, "must be a colour such as #1f4fa8");
            return otherwise;
        });
    }

    /// With the scheme in small letters, as the database wants it.
    private static String plain(URI link) {
        var text = link.toString();
        return link.getScheme().toLowerCase(Locale.ROOT)
                + text.substring(link.getScheme().length());
    }
}
