package rocks.urvote.web;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/// First at the door: gives every request its name, and keeps one address from taking all the places, one body from
/// taking all the memory, and one slow sender from taking forever. Before a stop it asks everyone to connect anew, so
/// that nobody is in the middle of anything when it comes.
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class Gatekeeper implements Filter {

    private static final long LARGEST_BODY = 1024 * 1024;

    /// What a line must bring in a second, on average and after some patience: a form, and a song.
    private static final long SLOWEST_FORM = 500;

    private static final long SLOWEST_SONG = 4000;

    /// What takes its time however quick UrVote is.
    private static final Pattern LASTING =
            Pattern.compile("/api/v1/(contests/[^/]+/leaderboard/stream|songs/[^/]+/(audio|waveform))");

    private static final Pattern TAKING_SONGS = Pattern.compile(
            "(/api/v1/contests/[^/]+/songs|/api/v1/songs/[^/]+|/contests/[^/]+/submit|/songs/[^/]+/fix)");

    private final ConcurrentHashMap<InetAddress, Integer> present = new ConcurrentHashMap<>();
    private final ClientAddresses addresses;
    private final WebSettings settings;
    private final Turnstile turnstile;
    private final Problems problems;

    Gatekeeper(ClientAddresses addresses, WebSettings settings, Turnstile turnstile, Problems problems) {
        this.addresses = addresses;
        this.settings = settings;
        this.turnstile = turnstile;
        this.problems = problems;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        letIn((HttpServletRequest) request, (HttpServletResponse) response, chain);
    }

    private void letIn(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var id = name();
        response.setHeader("X-Request-Id", id);
        if (turnstile.leaving()) {
            response.setHeader(HttpHeaders.CONNECTION, "close");
        }
        MDC.put("request", id);
        var address = addresses.networkOf(request);
        // What comes with the request before it, in one piece, was not counted at the entrance.
        turnstile.enter();
        try {
            if (present.merge(address, 1, Integer::sum) > settings.connectionsPerAddress()) {
                problems.write(request, response, Problem.rateLimited(Duration.ofSeconds(5)));
            } else if (tooLarge(request)) {
                problems.write(request, response, tooLarge());
            } else if (lasts(request)) {
                var _ = Turnstile.leave();
                chain.doFilter(bounded(request), response);
            } else if (turnstile.overfull()) {
                turnstile.refused();
                problems.write(request, response, Problem.busy(Duration.ofSeconds(1)));
            } else {
                chain.doFilter(bounded(request), response);
            }
        } finally {
            var _ = Turnstile.leave();
            present.computeIfPresent(address, (who, count) -> count == 1 ? null : count - 1);
            MDC.remove("request");
        }
    }

    /// No two requests share it; nobody needs to be kept from guessing it, which would cost each of them a good random
    /// number.
    static String name() {
        var random = ThreadLocalRandom.current();
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private static boolean lasts(HttpServletRequest request) {
        return LASTING.matcher(request.getRequestURI()).matches() || sendsSong(request);
    }

    private static boolean sendsSong(HttpServletRequest request) {
        var type = request.getContentType();
        return type != null
                && type.regionMatches(true, 0, "multipart/", 0, "multipart/".length())
                && TAKING_SONGS.matcher(request.getRequestURI()).matches();
    }

    private BoundedRequest bounded(HttpServletRequest request) {
        return sendsSong(request)
                ? new BoundedRequest(request, Long.MAX_VALUE, SLOWEST_SONG, settings.requestPatience())
                : new BoundedRequest(request, LARGEST_BODY, SLOWEST_FORM, settings.requestPatience());
    }

    private static boolean tooLarge(HttpServletRequest request) {
        return !sendsSong(request) && request.getContentLengthLong() > LARGEST_BODY;
    }

    static Problem tooSlow() {
        return Problem.of(HttpStatus.REQUEST_TIMEOUT, "too_slow", "The request took too long to arrive.");
    }

    static Problem tooLarge() {
        return Problem.of(HttpStatus.CONTENT_TOO_LARGE, "too_large", "The body must have at most 1 MB.");
    }
}
