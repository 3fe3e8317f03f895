package rocks.urvote.leaderboards;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import rocks.urvote.contests.Contest;
import rocks.urvote.contests.ContestId;
import rocks.urvote.contests.Contests;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Presence;
import rocks.urvote.web.Problem;

/// The leaderboard for programs: once with an ETag, or as a stream that goes on.
@RestController
class LeaderboardEndpoints implements SmartLifecycle {

    static final int MOST = 200;
    private static final Duration SILENCE = Duration.ofSeconds(15);

    private final Contests contests;
    private final Boards boards;
    private final Presence presence;
    private final Semaphore streams;
    private volatile CountDownLatch stopping = new CountDownLatch(0);
    private volatile boolean running;

    LeaderboardEndpoints(
            Contests contests, Boards boards, Presence presence, LeaderboardSettings settings, MeterRegistry metrics) {
        this.contests = contests;
        this.boards = boards;
        this.presence = presence;
        this.streams = new Semaphore(settings.streams());
        Gauge.builder("urvote.streams", () -> settings.streams() - streams.availablePermits())
                .description("Live leaderboards that are watched")
                .strongReference(true)
                .register(metrics);
    }

    @GetMapping("/api/v1/contests/{contest}/leaderboard")
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = BoardJson.Leaderboard.class)))
    @ApiResponse(responseCode = "304", description = "Not changed since", content = @Content)
    ResponseEntity<byte[]> leaderboard(
            @PathVariable ContestId contest,
            Optional<Caller> caller,
            @Parameter(schema = @Schema(type = "integer", minimum = "1", maximum = "200", defaultValue = "200"))
                    @RequestParam(name = "limit", required = false)
                    @Nullable
                    String limit,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String known) {
        var seen = contests.seenBy(caller, contest);
        var shown = new KnownTags(known);
        var rendered = boards.countsHiddenFrom(caller, seen)
                ? boards.hidden(seen, limit(limit))
                : boards.open(seen, limit(limit), shown.version());
        var answer =
                shown.match(rendered.etag()) ? ResponseEntity.status(HttpStatus.NOT_MODIFIED) : ResponseEntity.ok();
        answer.eTag(rendered.etag()).cacheControl(cacheControl(seen)).contentType(MediaType.APPLICATION_JSON);
        return shown.match(rendered.etag()) ? answer.build() : answer.body(rendered.json());
    }

    /// Written by the request's own virtual thread: it costs next to nothing while it waits. It ends with the reader's
    /// token: who comes again with a new one is looked at again.
    @GetMapping("/api/v1/contests/{contest}/leaderboard/stream")
    @ApiResponse(
            responseCode = "200",
            description = "Events named leaderboard, with the leaderboard as data",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(implementation = BoardJson.Leaderboard.class)))
    void leaderboardStream(
            @PathVariable ContestId contest,
            Optional<Caller> caller,
            @Parameter(schema = @Schema(type = "integer", minimum = "1", maximum = "200", defaultValue = "200"))
                    @RequestParam(name = "limit", required = false)
                    @Nullable
                    String limit,
            HttpServletResponse response)
            throws IOException {
        var seen = contests.seenBy(caller, contest);
        var most = limit(limit);
        var hidden = boards.countsHiddenFrom(caller, seen);
        if (!streams.tryAcquire()) {
            throw Problem.busy(Duration.ofSeconds(30)).raised();
        }
        response.setContentType("text/event-stream;charset=UTF-8");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader("X-Accel-Buffering", "no");
        try {
            watch(seen, caller, hidden, most, response);
        } catch (IOException e) {
            // The reader went away: that is how a stream usually ends.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            streams.release();
        }
    }

    private void watch(Contest contest, Optional<Caller> caller, boolean hidden, int most, HttpServletResponse response)
            throws IOException, InterruptedException {
        var out = response.getOutputStream();
        var shown = "";
        var quietSince = System.nanoTime();
        do {
            if (!caller.map(presence::isStillIn).orElse(true)) {
                return;
            }
            var rendered = hidden ? boards.hidden(contest, most) : boards.open(contest, most, 0);
            if (shown.isEmpty() || (!hidden && !rendered.etag().equals(shown))) {
                if (!shown.isEmpty() && !maySeeCounts(contest.id(), caller)) {
                    return;
                }
                out.write("event: leaderboard\ndata: ".getBytes(StandardCharsets.UTF_8));
                out.write(rendered.json());
                out.write("\n\n".getBytes(StandardCharsets.UTF_8));
                out.flush();
                response.flushBuffer();
                shown = rendered.etag();
                quietSince = System.nanoTime();
            } else if (System.nanoTime() - quietSince > SILENCE.toNanos()) {
                out.write(": still here\n\n".getBytes(StandardCharsets.UTF_8));
                out.flush();
                response.flushBuffer();
                quietSince = System.nanoTime();
            }
        } while (!stopping.await(1, TimeUnit.SECONDS));
    }

    /// Asked again before each change is shown: counts may have been hidden meanwhile, or the contest taken back.
    private boolean maySeeCounts(ContestId contest, Optional<Caller> caller) {
        try {
            return !boards.countsHiddenFrom(caller, contests.seenBy(caller, contest));
        } catch (Problem.Raised gone) {
            return false;
        }
    }

    private CacheControl cacheControl(Contest contest) {
        var revalidate = CacheControl.noCache();
        return boards.differsByReader(contest) ? revalidate.cachePrivate() : revalidate.cachePublic();
    }

    private static int limit(@Nullable String text) {
        if (text == null) {
            return MOST;
        }
        if (!text.matches("[0-9]{1,4}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MOST) {
            throw Problem.invalid("limit", "must be a whole number from 1 to 200")
                    .raised();
        }
        return Integer.parseInt(text);
    }

    /// Streams end first when the program is about to stop: a browser finds its way to another node, and nothing waits
    /// for them. One that comes after that shows what is, and ends.
    @EventListener
    void hear(AvailabilityChangeEvent<ReadinessState> change) {
        if (change.getState() == ReadinessState.REFUSING_TRAFFIC) {
            stopping.countDown();
        }
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void start() {
        stopping = new CountDownLatch(1);
        running = true;
    }

    @Override
    public void stop() {
        stopping.countDown();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
