package rocks.urvote.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import rocks.urvote.kernel.Reason;

/// Finds out who a request comes from, and refuses writes that another site made a browser send.
@Component
final class SignInFilter extends OncePerRequestFilter {

    private static final List<String> SET_UP = List.of(
            "/me/two-factor",
            "/me/passkeys",
            "/api/v1/me/two-factor",
            "/api/v1/me/passkeys",
            "/api/v1/me",
            "/api/v1/sessions",
            "/sign-in",
            "/sign-out",
            "/css",
            "/js",
            "/img");

    private static final int LONGEST_REASON = 500;
    private static final Pattern UNREADABLE = Pattern.compile("[\\p{Cntrl}\\p{Cs}\uFFFD]+");

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    private final AccessTokenReader reader;
    private final SessionRefresh sessions;
    private final TokenCookies cookies;
    private final WebSettings settings;
    private final Problems problems;

    SignInFilter(
            AccessTokenReader reader,
            SessionRefresh sessions,
            TokenCookies cookies,
            WebSettings settings,
            Problems problems) {
        this.reader = reader;
        this.sessions = sessions;
        this.cookies = cookies;
        this.settings = settings;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var bearer = bearer(request);
        Optional<Caller> caller;
        if (bearer.isPresent()) {
            caller = reader.read(bearer.get());
            if (caller.isEmpty()) {
                problems.write(request, response, Problem.signInRequired());
                return;
            }
        } else {
            caller = cookies.access(request).flatMap(reader::read);
            if (!SAFE.contains(request.getMethod()) && !fromOurPages(request, caller)) {
                problems.write(request, response, crossSite());
                return;
            }
            if (caller.isEmpty() && !refreshesItself(request)) {
                caller = cookies.refresh(request).flatMap(sessions::withCookie).flatMap(tokens -> {
                    cookies.set(response, tokens);
                    return reader.read(tokens.access());
                });
            }
        }
        if (caller.map(Caller::mustSetUpTwoFactor).orElse(false) && !isSetUp(request.getRequestURI())) {
            sendToSetUp(request, response);
            return;
        }
        caller.ifPresent(SignInFilter::remember);
        if (caller.isPresent() && !SAFE.contains(request.getMethod())) {
            reason(request).map(SignInFilter::readable).ifPresent(Reason::give);
        }
        try {
            chain.doFilter(request, response);
        } finally {
            Reason.forget();
            SecurityContextHolder.clearContext();
        }
    }

    /// Where a second factor is set up, and where one signs in again or out.
    private static boolean isSetUp(String path) {
        return SET_UP.stream().anyMatch(allowed -> path.equals(allowed) || path.startsWith(allowed + "/"));
    }

    private void sendToSetUp(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (Problems.asPage(request) && request.getMethod().equals("GET")) {
            response.setStatus(HttpStatus.SEE_OTHER.value());
            response.setHeader(HttpHeaders.LOCATION, "/me/two-factor");
        } else {
            problems.write(
                    request,
                    response,
                    Problem.of(
                            HttpStatus.FORBIDDEN,
                            "second_factor_missing",
                            "Please set up a second factor first: your role needs one here."));
        }
    }

    private static void remember(Caller caller) {
        var context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(new PreAuthenticatedAuthenticationToken(caller, "", List.of()));
        SecurityContextHolder.setContext(context);
    }

    /// Why the caller does it: `X-Reason`, in UTF-8, or the field of a page's form. To look for a field uses the body
    /// up, which the API reads itself.
    private static Optional<String> reason(HttpServletRequest request) {
        var header = request.getHeader("X-Reason");
        if (header != null) {
            return Optional.of(new String(header.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
        }
        var type = request.getContentType();
        return type != null
                        && type.startsWith(MediaType.APPLICATION_FORM_URLENCODED_VALUE)
                        && !request.getRequestURI().startsWith("/api/")
                ? Optional.ofNullable(request.getParameter("audit_reason"))
                : Optional.empty();
    }

    private static String readable(String reason) {
        var plain = UNREADABLE.matcher(reason).replaceAll(" ").strip();
        return plain.length() > LONGEST_REASON ? plain.substring(0, LONGEST_REASON) : plain;
    }

    private static Optional<String> bearer(HttpServletRequest request) {
        var header = request.getHeader(HttpHeaders.AUTHORIZATION);
        return header != null && header.toLowerCase(Locale.ROOT).startsWith("bearer ")
                ? Optional.of(header.substring("bearer ".length()).strip())
                : Optional.empty();
    }

    /// The two calls that end or renew a session by its refresh cookie read that cookie themselves.
    private static boolean refreshesItself(HttpServletRequest request) {
        return request.getRequestURI().startsWith("/api/v1/sessions");
    }

    /// Browsers say where a write comes from; what does not say it must show the page's token, if it shows a cookie.
    private boolean fromOurPages(HttpServletRequest request, Optional<Caller> caller) {
        if (caller.isPresent()
                && csrfToken(request)
                        .filter(shown -> Csrf.matches(caller.get().session(), shown))
                        .isPresent()) {
            return true;
        }
        var site = request.getHeader("Sec-Fetch-Site");
        if (site != null) {
            return site.equals("same-origin");
        }
        var origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin != null) {
            return origin.equals(settings.origin()) || origin.endsWith("://" + request.getHeader(HttpHeaders.HOST));
        }
        return cookies.access(request).isEmpty() && cookies.refresh(request).isEmpty();
    }

    private static Optional<String> csrfToken(HttpServletRequest request) {
        return Optional.ofNullable(request.getHeader("X-CSRF-Token"));
    }

    private static Problem crossSite() {
        return Problem.of(
                HttpStatus.FORBIDDEN,
                "csrf",
                "This request did not come from one of our own pages. Reload the page and try again.");
    }
}
