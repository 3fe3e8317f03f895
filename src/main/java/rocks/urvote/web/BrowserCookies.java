package rocks.urvote.web;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;

@Component
final class BrowserCookies implements TokenCookies {

    private final boolean secure;

    BrowserCookies(WebSettings settings) {
        this.secure = settings.secure();
    }

    @Override
    public Optional<String> access(HttpServletRequest request) {
        return find(request, name("access"));
    }

    @Override
    public Optional<String> refresh(HttpServletRequest request) {
        return find(request, name("refresh"));
    }

    @Override
    public void set(HttpServletResponse response, Tokens tokens) {
        add(response, "access", tokens.access(), tokens.accessAge());
        add(response, "refresh", tokens.refresh(), tokens.refreshAge());
    }

    @Override
    public void clear(HttpServletResponse response) {
        add(response, "access", "", Duration.ZERO);
        add(response, "refresh", "", Duration.ZERO);
    }

    @Override
    public Optional<String> secondStep(HttpServletRequest request) {
        return find(request, name("second-step"));
    }

    @Override
    public void setSecondStep(HttpServletResponse response, String token, Duration age) {
        add(response, "second-step", token, age);
    }

    @Override
    public void clearSecondStep(HttpServletResponse response) {
        add(response, "second-step", "", Duration.ZERO);
    }

    private static Optional<String> find(HttpServletRequest request, String name) {
        return Stream.ofNullable(request.getCookies())
                .flatMap(Arrays::stream)
                .filter(cookie -> cookie.getName().equals(name))
                .map(Cookie::getValue)
                .filter(value -> !value.isBlank())
                .findFirst();
    }

    private void add(HttpServletResponse response, String kind, String value, Duration age) {
        var cookie = ResponseCookie.from(name(kind), value)
                .httpOnly(true)
                .secure(secure)
                .sameSite("Lax")
                .path("/")
                .maxAge(age)
                .build();
        response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
    }

    /// The prefix makes browsers refuse such a cookie from a neighbouring host or over plain http.
    private String name(String kind) {
        return secure ? "__Host-" + kind : kind;
    }
}
