package rocks.urvote.songs;

import org.jspecify.annotations.Nullable;

/// What an artist says about a song, checked.
public record Entry(
        String title,
        String artistName,
        @Nullable String genre,
        String aiToolsUsed,
        @Nullable String description,
        Song.License license,
        @Nullable String externalLink) {}
