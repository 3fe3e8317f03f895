package rocks.urvote.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// First at the door: gives every request its name, and keeps one address from taking all the places and one body from
/// taking all the memory.
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class Gatekeeper extends OncePerRequestFilter {

    private static final long LARGEST_BODY = 1024 * 1024;

    private final ConcurrentHashMap<InetAddress, Integer> present = new ConcurrentHashMap<>();
    private final ClientAddresses addresses;
    private final WebSettings settings;
    private final Problems problems;

    Gatekeeper(ClientAddresses addresses, WebSettings settings, Problems problems) {
        this.addresses = addresses;
        this.settings = settings;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var id = name();
        response.setHeader("X-Request-Id", id);
        MDC.put("request", id);
        var address = addresses.of(request);
        try {
            if (present.merge(address, 1, Integer::sum) > settings.connectionsPerAddress()) {
                problems.write(request, response, Problem.rateLimited(Duration.ofSeconds(5)));
            } else if (tooLarge(request)) {
                problems.write(request, response, tooLarge());
            } else {
                chain.doFilter(multipart(request) ? request : new BoundedRequest(request, LARGEST_BODY), response);
            }
        } finally {
            present.computeIfPresent(address, (who, count) -> count == 1 ? null : count - 1);
            MDC.remove("request");
        }
    }

    /// No two requests share it; nobody needs to be kept from guessing it, which would cost each of them a good random
    /// number.
    private static String name() {
        var random = ThreadLocalRandom.current();
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private static boolean multipart(HttpServletRequest request) {
        var type = request.getContentType();
        return type != null && type.regionMatches(true, 0, "multipart/", 0, "multipart/".length());
    }

    private static boolean tooLarge(HttpServletRequest request) {
        return !multipart(request) && request.getContentLengthLong() > LARGEST_BODY;
    }

    static Problem tooLarge() {
        return Problem.of(HttpStatus.CONTENT_TOO_LARGE, "too_large", "The body must have at most 1 MB.");
    }
}
