package rocks.urvote.web;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/// Makes the shell of the page that answers the current request.
@Component
final class Shells {

    static Optional<Caller> caller() {
        var authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication != null && authentication.getPrincipal() instanceof Caller caller
                ? Optional.of(caller)
                : Optional.empty();
    }

    Shell current() {
        if (!(RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)) {
            return new Shell(Optional.empty(), null, "/", null);
        }
        return of(attributes.getRequest(), attributes.getResponse());
    }

    Shell of(HttpServletRequest request, @Nullable HttpServletResponse response) {
        var caller = caller();
        return new Shell(
                caller,
                caller.map(Caller::session).map(Csrf::token).orElse(null),
                request.getRequestURI(),
                response == null ? null : notice(request, response));
    }

    /// Shown once: reading it takes the cookie away.
    private static @Nullable String notice(HttpServletRequest request, HttpServletResponse response) {
        var notice = Stream.ofNullable(request.getCookies())
                .flatMap(Arrays::stream)
                .filter(cookie -> cookie.getName().equals("notice"))
                .map(Cookie::getValue)
                .findFirst();
        if (notice.isEmpty()) {
            return null;
        }
        response.addHeader(
                HttpHeaders.SET_COOKIE,
                ResponseCookie.from("notice", "").path("/").maxAge(0).build().toString());
        try {
            return URLDecoder.decode(notice.get(), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
