package rocks.urvote.identity;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where somebody wanted to go before they had to sign in: a path of ours, or else the front page. Whatever a browser
/// could take for another site is no path of ours.
record NextPage(String path) {

    private static final NextPage FRONT = new NextPage("/");

    /// What a browser takes out of a path, after which the rest may mean another site.
    private static final Pattern ELSEWHERE = Pattern.compile("//|/\\.{1,2}(/|$)");

    static NextPage of(@Nullable String wish) {
        if (wish == null || wish.length() > 2_000 || !wish.startsWith("/") || wish.indexOf('\\') >= 0) {
            return FRONT;
        }
        try {
            var uri = new URI(wish);
            var ours = uri.getScheme() == null
                    && uri.getRawAuthority() == null
                    && !wish.contains("//")
                    && !ELSEWHERE.matcher(uri.getPath()).find()
                    && wish.chars().allMatch(letter -> letter > ' ' && letter < 0x7F);
            return ours ? new NextPage(wish) : FRONT;
        } catch (URISyntaxException e) {
            return FRONT;
        }
    }
}
