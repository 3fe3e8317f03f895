package rocks.urvote.votes;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
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
import rocks.urvote.web.Refuses;
import rocks.urvote.web.Slice;
import rocks.urvote.web.Window;

@RestController
class VoteEndpoints {

    private final VotingDesk desk;
    private final VoteCall call;
    private final DecideVote decideVote;
    private final StoredMyVotes myVotes;

    VoteEndpoints(VotingDesk desk, VoteCall call, DecideVote decideVote, StoredMyVotes myVotes) {
        this.desk = desk;
        this.call = call;
        this.decideVote = decideVote;
        this.myVotes = myVotes;
    }

    /// Described here, and answered here in its unusual forms; most come along the shortcut of [VoteCall].
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
            @Schema(implementation = VoteCall.VoteRequest.class) @RequestBody(required = false) byte @Nullable [] body,
            HttpServletRequest http) {
        var reply = call.reply(song, caller, key, body == null ? new byte[0] : body, http);
        var answer = ResponseEntity.status(reply.status()).contentType(reply.mediaType());
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

    @Schema(name = "VoteDecision")
    public record DecisionRequest(
            @Schema(allowableValues = {"count", "void"}) @Nullable
            String decision,

            @Nullable String reason) {}

    public record Decided(VoteId voteId, String status) {}

    /// To let a vote count that was held or void, or to take one out of the count.
    @PostMapping("/api/v1/votes/{vote}/decision")
    @Refuses("409 vote_withdrawn")
    Decided decideVote(@PathVariable VoteId vote, Caller caller, @RequestBody DecisionRequest request) {
        return new Decided(
                vote, DecideVote.word(decideVote.decide(caller, vote, request.decision(), request.reason())));
    }

    @GetMapping("/api/v1/me/votes")
    Slice<StoredMyVotes.MyVote> myVotes(Caller caller, Window window) {
        return myVotes.of(caller.user(), window);
    }
}
