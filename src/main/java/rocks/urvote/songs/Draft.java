package rocks.urvote.songs;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import rocks.urvote.web.Checks;

/// What an artist says about a song, as it was typed.
@Schema(
        name = "SongDetails",
        requiredProperties = {"title", "artist_name", "ai_tools_used", "license_type", "rights_declared"})
record Draft(
        @Nullable String title,
        @Nullable String artistName,
        @Nullable String genre,
        @Nullable String aiToolsUsed,
        @Nullable String description,

        @Schema(implementation = Song.License.class) @Nullable
        String licenseType,

        @Nullable Boolean rightsDeclared,
        @Nullable String externalLink) {

    static final Draft EMPTY = new Draft(null, null, null, null, null, null, null, null);

    static Draft of(Song song) {
        return new Draft(
                song.title(),
                song.artistName(),
                song.genre(),
                song.aiToolsUsed(),
                song.description(),
                song.licenseType().name().toLowerCase(Locale.ROOT),
                true,
                song.externalLink());
    }

    /// Of a form's fields, where an empty one is as good as none.
    static Draft of(Map<String, String> fields, Checks checks) {
        return new Draft(
                fields.get("title"),
                fields.get("artist_name"),
                fields.get("genre"),
                fields.get("ai_tools_used"),
                fields.get("description"),
                fields.get("license_type"),
                declared(fields.get("rights_declared"), checks),
                fields.get("external_link"));
    }

    static @Nullable Boolean declared(@Nullable String word, Checks checks) {
        return switch (word) {
            case null -> null;
            case "", "false" -> false;
            case "true", "on" -> true;
            default -> {
                checks.wrong("rights_declared", "must be true or false");
                yield null;
            }
        };
    }

    Entry checked(Checks checks, boolean withFile) {
        var link = checks.optionalLine("external_link", externalLink, 500).flatMap(text -> {
            var parsed = ExternalLink.parse(text);
            if (parsed.isEmpty()) {
                checks.wrong("external_link", ExternalLink.RULE);
            }
            return parsed;
        });
        if (!withFile
                && link.isEmpty()
                && checks.errors().stream().noneMatch(error -> error.field().equals("external_link"))) {
            checks.wrong("file", "or external_link is required: a song is a file or a link");
        }
        if (!Boolean.TRUE.equals(rightsDeclared)
                && checks.errors().stream().noneMatch(error -> error.field().equals("rights_declared"))) {
            checks.wrong("rights_declared", "must be true: only songs you have the rights to can be entered");
        }
        return new Entry(
                checks.line("title", title, 255),
                checks.line("artist_name", artistName, 255),
                checks.optionalLine("genre", genre, 100).orElse(null),
                checks.lines("ai_tools_used", aiToolsUsed, 2000),
                checks.optionalLines("description", description, 5000).orElse(null),
                checks.oneOf("license_type", licenseType, Song.License.class).orElse(Song.License.STREAM_ONLY),
                link.map(ExternalLink::address).orElse(null));
    }
}
