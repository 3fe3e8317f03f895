package rocks.urvote.votes;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import rocks.urvote.songs.SongId;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Checks;
import rocks.urvote.web.JsonBody;
import rocks.urvote.web.Refuses;
import rocks.urvote.web.Slice;
import rocks.urvote.web.Window;

@RestController
class VoteEndpoints {

    private final VotingDesk desk;
    private final StoredMyVotes myVotes;
    private final JsonBody bodies;

    VoteEndpoints(VotingDesk desk, StoredMyVotes myVotes, JsonBody bodies) {
        this.desk = desk;
        this.myVotes = myVotes;
        this.bodies = bodies;
    }

    @Schema(name = "Vote")
    public record VoteRequest(
            @Nullable String deviceFingerprint, @Nullable String captcha) {}

    @PostMapping("/api/v1/songs/{song}/votes")
    @Refuses({
        "403 email_not_verified",
        "403 not_eligible",
        "403 own_song",
        "404 song_not_found",
        "409 already_voted",
        "409 voting_closed",
        "422 idempotency_key_reused",
        "429 daily_limit_reached",
        "429 rate_limited",
        "503 busy"
    })
    @ApiResponse(
            responseCode = "201",
            content = @Content(schema = @Schema(implementation = VoteReplies.VoteReceived.class)))
    ResponseEntity<String> castVote(
            @PathVariable SongId song,
            Caller caller,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Schema(implementation = VoteRequest.class) @RequestBody(required = false) byte @Nullable [] body,
            HttpServletRequest http) {
        desk.limit(caller, http);
        var request = bodies.read(http.getContentType(), body, VoteRequest.class)
                .orElseGet(() -> new VoteRequest(null, null));
        var checks = Checks.start();
        var fingerprint = checks.optionalLine("device_fingerprint", request.deviceFingerprint(), 255);
        checks.optionalLines("captcha", request.captcha(), 10_000);
        if (key != null && !key.matches("[\\x21-\\x7e]{1,200}")) {
            checks.wrong("Idempotency-Key", "must have 1 to 200 visible ASCII characters");
        }
        checks.orRaise();
        var reply = desk.vote(
                caller,
                song,
                fingerprint.orElse(null),
                key == null ? null : new Ballot.Key(key, hash(song, body)),
                http);
        var answer = ResponseEntity.status(reply.status())
                .contentType(
                        reply.status().isError() ? MediaType.APPLICATION_PROBLEM_JSON : MediaType.APPLICATION_JSON);
        if (reply.retryAfter() != null) {
            answer.header(HttpHeaders.RETRY_AFTER, reply.retryAfter());
        }
        return answer.body(reply.body());
    }

    @DeleteMapping("/api/v1/songs/{song}/votes/today")
    @Refuses({"409 voting_closed", "429 rate_limited"})
    ResponseEntity<Void> withdrawVote(@PathVariable SongId song, Caller caller) {
        desk.withdraw(caller, song);
        return ResponseEntity.noContent().build();
    }

    @GetMapping("/api/v1/me/votes")
    Slice<StoredMyVotes.MyVote> myVotes(Caller caller, Window window) {
        return myVotes.of(caller.user(), window);
    }

    private static String hash(SongId song, byte @Nullable [] body) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update((song.value() + "\n").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(body == null ? new byte[0] : body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
