package rocks.urvote.web;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;

/// What one HTML page shows. A record `votes.VotePages.Voted` is rendered by the template `votes/Voted.jte`, which
/// takes the record as `page` and what surrounds it as `shell`.
public interface Page {

    default String template() {
        return getClass().getPackageName().replaceFirst("rocks\\.urvote\\.", "").replace('.', '/') + "/"
                + getClass().getSimpleName() + ".jte";
    }

    /// The page with another status than 200: a form that needs another look.
    default ResponseEntity<Page> with(HttpStatus status) {
        return ResponseEntity.status(status).body(this);
    }

    /// After a POST that changed something: go on with another page.
    static ResponseEntity<Page> redirect(String path) {
        return ResponseEntity.status(HttpStatus.SEE_OTHER)
                .location(URI.create(path))
                .build();
    }

    /// The same, and the next page says a word about it.
    static ResponseEntity<Page> redirect(String path, String notice) {
        var cookie = ResponseCookie.from("notice", URLEncoder.encode(notice, StandardCharsets.UTF_8))
                .path("/")
                .httpOnly(true)
                .sameSite("Lax")
                .maxAge(Duration.ofMinutes(1))
                .build();
        return ResponseEntity.status(HttpStatus.SEE_OTHER)
                .location(URI.create(path))
                .header(HttpHeaders.SET_COOKIE, cookie.toString())
                .build();
    }
}
