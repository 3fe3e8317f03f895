package rocks.urvote.votes;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Digest;
import rocks.urvote.songs.SongId;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Checks;
import rocks.urvote.web.JsonBody;
import rocks.urvote.web.Problem;
import rocks.urvote.web.Shortcut;

/// `POST /api/v1/songs/{song}/votes`: what everything here is about, and what is asked most.
@Component
class VoteCall implements Shortcut {

    private static final Pattern PATH = Pattern.compile("/api/v1/songs/([1-9][0-9]{0,17})/votes");
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,200}");

    private final VotingDesk desk;
    private final JsonBody bodies;

    VoteCall(VotingDesk desk, JsonBody bodies) {
        this.desk = desk;
        this.bodies = bodies;
    }

    @Schema(name = "Vote")
    public record VoteRequest(
            @Nullable String deviceFingerprint, @Nullable String captcha) {

        private static final VoteRequest EMPTY = new VoteRequest(null, null);
    }

    @Override
    public boolean mayBeFor(HttpServletRequest request) {
        return request.getMethod().equals("POST")
                && request.getRequestURI().endsWith("/votes")
                && request.getRequestURI().startsWith("/api/v1/songs/");
    }

    @Override
    public Optional<Answer> to(HttpServletRequest request) {
        if (!mayBeFor(request) || !takesJson(request.getHeader(HttpHeaders.ACCEPT))) {
            return Optional.empty();
        }
        var path = PATH.matcher(request.getRequestURI());
        if (!path.matches()) {
            return Optional.empty();
        }
        var song = new SongId(Long.parseLong(path.group(1)));
        return Optional.of((caller, asked, response) -> answer(song, caller, asked, response));
    }

    private static boolean takesJson(@Nullable String accept) {
        return accept == null || accept.equals(MediaType.ALL_VALUE) || accept.equals(MediaType.APPLICATION_JSON_VALUE);
    }

    private void answer(SongId song, Optional<Caller> caller, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        var voter = caller.orElseThrow(() -> Problem.signInRequired().raised());
        var reply = reply(
                song,
                voter,
                request.getHeader("Idempotency-Key"),
                request.getInputStream().readAllBytes(),
                request);
        response.setStatus(reply.status().value());
        response.setContentType(reply.mediaType().toString());
        if (reply.retryAfter() != null) {
            response.setHeader(HttpHeaders.RETRY_AFTER, reply.retryAfter());
        }
        var body = reply.body().getBytes(StandardCharsets.UTF_8);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    VoteReplies.Reply reply(SongId song, Caller caller, @Nullable String key, byte[] body, HttpServletRequest http) {
        desk.limit(caller, http);
        var request =
                bodies.read(http.getContentType(), body, VoteRequest.class).orElse(VoteRequest.EMPTY);
        var checks = Checks.start();
        var fingerprint = checks.optionalLine("device_fingerprint", request.deviceFingerprint(), 255);
        checks.optionalLines("captcha", request.captcha(), 10_000);
        if (key != null && !KEY.matcher(key).matches()) {
            checks.wrong("Idempotency-Key", "must have 1 to 200 visible ASCII characters");
        }
        checks.orRaise();
        return desk.vote(
                caller,
                song,
                fingerprint.orElse(null),
                key == null ? null : new Ballot.Key(key, hash(song, body)),
                http);
    }

    private static String hash(SongId song, byte[] body) {
        var digest = Digest.sha256();
        digest.update((song.value() + "\n").getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest.digest(body));
    }
}
