package rocks.urvote.leaderboards;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import rocks.urvote.contests.Contest;
import rocks.urvote.contests.ContestId;
import rocks.urvote.contests.LiveContests;
import rocks.urvote.web.Shortcut;

/// Answers for a board that is the same for everyone with the bytes that are ready in memory. Drafts, hidden counts and
/// whatever is odd about a request go the long way.
@Component
final class LeaderboardShortcut implements Shortcut {

    private static final String BEFORE = "/api/v1/contests/";
    private static final String AFTER = "/leaderboard";
    private static final String LIMIT = "limit=";
    private static final int ODD = -1;

    private final LiveContests contests;
    private final Boards boards;

    LeaderboardShortcut(LiveContests contests, Boards boards) {
        this.contests = contests;
        this.boards = boards;
    }

    @Override
    public boolean mayBeFor(HttpServletRequest request) {
        return request.getMethod().equals("GET")
                && request.getRequestURI().endsWith(AFTER)
                && request.getRequestURI().startsWith(BEFORE);
    }

    /// The contest that was found is the one that is shown, even if its counts are hidden the moment after.
    @Override
    public Optional<Answer> to(HttpServletRequest request) {
        if (!mayBeFor(request)) {
            return Optional.empty();
        }
        var path = request.getRequestURI();
        var id = number(path, BEFORE.length(), path.length() - AFTER.length(), 18);
        int most = most(request.getQueryString());
        if (id == ODD || most == ODD || !takesJson(request)) {
            return Optional.empty();
        }
        return contests.find(new ContestId(id))
                .filter(contest -> contest.state() != Contest.State.DRAFT && !boards.differsByReader(contest))
                .map(contest -> (_, asked, response) -> answer(contest, most, asked, response));
    }

    private void answer(Contest contest, int most, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        var known = new KnownTags(request.getHeader(HttpHeaders.IF_NONE_MATCH));
        var rendered = boards.open(contest, most, known.version());
        response.setHeader(HttpHeaders.ETAG, rendered.etag());
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-cache, public");
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        if (known.match(rendered.etag())) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
        } else {
            response.setContentLength(rendered.json().length);
            response.getOutputStream().write(rendered.json());
        }
    }

    private static boolean takesJson(HttpServletRequest request) {
        var accept = request.getHeader(HttpHeaders.ACCEPT);
        return accept == null || accept.equals("*/*") || accept.equals(MediaType.APPLICATION_JSON_VALUE);
    }

    private static int most(@Nullable String query) {
        if (query == null) {
            return LeaderboardEndpoints.MOST;
        }
        var most = query.startsWith(LIMIT) ? number(query, LIMIT.length(), query.length(), 3) : ODD;
        return most <= LeaderboardEndpoints.MOST ? (int) most : ODD;
    }

    /// A whole number from 1, written the one way it can be.
    private static long number(String text, int from, int to, int digits) {
        if (to <= from || to - from > digits || text.charAt(from) == '0') {
            return ODD;
        }
        long number = 0;
        for (int at = from; at < to; at++) {
            var digit = text.charAt(at) - '0';
            if (digit < 0 || digit > 9) {
                return ODD;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
