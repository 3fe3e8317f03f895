package rocks.urvote.songs;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A song that lies elsewhere: one video on YouTube, or one track on SoundCloud.
record ExternalLink(String address, Site site, @Nullable String embedded) {

    enum Site {
        YOUTUBE("YouTube"),
        SOUNDCLOUD("SoundCloud");

        final String title;

        Site(String title) {
            this.title = title;
        }
    }

    static final String RULE = "must be a link to one song, https://www.youtube.com/watch?v=... or"
            + " https://soundcloud.com/artist/song";

    private static final int LONGEST = 500;
    private static final Set<String> YOUTUBE =
            Set.of("youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com");
    private static final Set<String> SOUNDCLOUD = Set.of("soundcloud.com", "www.soundcloud.com", "m.soundcloud.com");
    private static final Pattern VIDEO = Pattern.compile("[A-Za-z0-9_-]{11}");
    private static final Pattern VIDEO_PATH = Pattern.compile("/(?:shorts|live|embed|v)/([A-Za-z0-9_-]{11})/?");
    private static final Pattern TRACK = Pattern.compile("/[A-Za-z0-9_-]+/[A-Za-z0-9_-]+(?:/s-[A-Za-z0-9]+)?/?");
    private static final Pattern SHORTENED = Pattern.compile("/[A-Za-z0-9]{5,40}/?");

    /// Empty for everything else: other sites, channels and playlists, other schemes, ports, names and passwords.
    static Optional<ExternalLink> parse(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            var link = new URI(text);
            return link.getHost() != null
                            && "https".equalsIgnoreCase(link.getScheme())
                            && link.getRawUserInfo() == null
                            && (link.getPort() == -1 || link.getPort() == 443)
                    ? parse(link)
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static Optional<ExternalLink> parse(URI link) {
        var host = link.getHost().toLowerCase(Locale.ROOT);
        var path = link.getRawPath() == null ? "" : link.getRawPath();
        if (YOUTUBE.contains(host)) {
            return path.equals("/watch") ? video(link, parameter(link, "v")) : video(link, inPath(path));
        }
        if (host.equals("youtu.be")) {
            return video(link, path.replaceFirst("^/", ""));
        }
        if (SOUNDCLOUD.contains(host) && TRACK.matcher(path).matches()) {
            return Optional.of(new ExternalLink(
                    canonical(link),
                    Site.SOUNDCLOUD,
                    "https://w.soundcloud.com/player/?auto_play=true&url="
                            + URLEncoder.encode("https://soundcloud.com" + path, StandardCharsets.UTF_8)));
        }
        if (host.equals("on.soundcloud.com") && SHORTENED.matcher(path).matches()) {
            return Optional.of(new ExternalLink(canonical(link), Site.SOUNDCLOUD, null));
        }
        return Optional.empty();
    }

    private static Optional<ExternalLink> video(URI link, String id) {
        return VIDEO.matcher(id).matches()
                ? Optional.of(new ExternalLink(
                        canonical(link),
                        Site.YOUTUBE,
                        "https://www.youtube-nocookie.com/embed/%s?autoplay=1".formatted(id)))
                : Optional.empty();
    }

    private static String inPath(String path) {
        var video = VIDEO_PATH.matcher(path);
        return video.matches() ? video.group(1) : "";
    }

    private static String parameter(URI link, String name) {
        if (link.getRawQuery() != null) {
            for (var parameter : link.getRawQuery().split("&", -1)) {
                if (parameter.startsWith(name + "=")) {
                    return parameter.substring(name.length() + 1);
                }
            }
        }
        return "";
    }

    /// As given, with scheme and host in lower case.
    private static String canonical(URI link) {
        var query = link.getRawQuery() == null ? "" : "?" + link.getRawQuery();
        return "https://" + link.getHost().toLowerCase(Locale.ROOT) + link.getRawPath() + query;
    }
}
