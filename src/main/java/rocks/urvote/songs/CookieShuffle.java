package rocks.urvote.songs;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;
import rocks.urvote.web.Caller;
import rocks.urvote.web.WebSettings;

@Component
final class CookieShuffle implements Shuffle {

    private final WebSettings settings;

    CookieShuffle(WebSettings settings) {
        this.settings = settings;
    }

    @Override
    public String seed(Optional<Caller> caller, HttpServletRequest request, HttpServletResponse response) {
        return caller.map(person -> Long.toString(person.user().value()))
                .or(() -> remembered(request))
                .orElseGet(() -> remember(UUID.randomUUID().toString(), response));
    }

    private static Optional<String> remembered(HttpServletRequest request) {
        return Stream.ofNullable(request.getCookies())
                .flatMap(Arrays::stream)
                .filter(cookie -> cookie.getName().equals("seed"))
                .map(Cookie::getValue)
                .filter(value -> value.matches("[A-Za-z0-9-]{1,64}"))
                .findFirst();
    }

    private String remember(String seed, HttpServletResponse response) {
        var cookie = ResponseCookie.from("seed", seed)
                .path("/")
                .httpOnly(true)
                .secure(settings.secure())
                .sameSite("Lax")
                .maxAge(Duration.ofDays(1))
                .build();
        response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
        return seed;
    }
}
