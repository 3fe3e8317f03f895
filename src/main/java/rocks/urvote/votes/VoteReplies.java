package rocks.urvote.votes;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import rocks.urvote.songs.SongId;
import rocks.urvote.votes.Ruling.AlreadyVoted;
import rocks.urvote.votes.Ruling.DailyLimitReached;
import rocks.urvote.votes.Ruling.EmailNotVerified;
import rocks.urvote.votes.Ruling.KeyReused;
import rocks.urvote.votes.Ruling.NotEligible;
import rocks.urvote.votes.Ruling.OwnSong;
import rocks.urvote.votes.Ruling.Received;
import rocks.urvote.votes.Ruling.Repeated;
import rocks.urvote.votes.Ruling.SongNotFound;
import rocks.urvote.votes.Ruling.VotingClosed;
import rocks.urvote.web.Problem;
import tools.jackson.databind.json.JsonMapper;

/// What the outside is told of a ruling, to the byte.
@Component
class VoteReplies {

    private final JsonMapper json;
    private final Clock clock;

    VoteReplies(JsonMapper json, Clock clock) {
        this.json = json;
        this.clock = clock;
    }

    record Reply(HttpStatus status, String body, @Nullable String retryAfter) {}

    public record VoteReceived(VoteId voteId, SongId songId, LocalDate voteDay, int votesLeftToday) {}

    Reply to(Ruling ruling) {
        return switch (ruling) {
            case Received(var vote, var song, var _, var day, var left) ->
                new Reply(HttpStatus.CREATED, json.writeValueAsString(new VoteReceived(vote, song, day, left)), null);
            case Repeated(var status, var body, var resetsAt) ->
                new Reply(HttpStatus.valueOf(status), body, resetsAt == null ? null : seconds(until(resetsAt)));
            case SongNotFound _ -> refusal(problem(ruling));
            case VotingClosed _ -> refusal(problem(ruling));
            case EmailNotVerified _ -> refusal(problem(ruling));
            case OwnSong _ -> refusal(problem(ruling));
            case NotEligible _ -> refusal(problem(ruling));
            case AlreadyVoted _ -> refusal(problem(ruling));
            case DailyLimitReached _ -> refusal(problem(ruling));
            case KeyReused _ -> refusal(problem(ruling));
        };
    }

    /// The words of a refusal.
    Problem problem(Ruling ruling) {
        return switch (ruling) {
            case Received _, Repeated _ -> throw new IllegalArgumentException("No refusal: " + ruling);
            case SongNotFound _ ->
                Problem.of(HttpStatus.NOT_FOUND, "song_not_found", "There is no such song to vote for.");
            case VotingClosed _ ->
                Problem.of(HttpStatus.CONFLICT, "voting_closed", "This contest takes no votes at the moment.");
            case EmailNotVerified _ -> Problem.emailNotVerified();
            case OwnSong _ ->
                Problem.of(HttpStatus.FORBIDDEN, "own_song", "This is your own song: let others vote for it.");
            case NotEligible _ ->
                Problem.of(
                        HttpStatus.FORBIDDEN,
                        "not_eligible",
                        "This contest does not take votes from the country you seem to be in.");
            case AlreadyVoted _ ->
                Problem.of(
                        HttpStatus.CONFLICT,
                        "already_voted",
                        "You have already voted for this song today. Come back tomorrow.");
            case DailyLimitReached(var _, var limit, var resetsAt) ->
                Problem.of(
                                HttpStatus.TOO_MANY_REQUESTS,
                                "daily_limit_reached",
                                limit == 1
                                        ? "You have used today's vote in this contest."
                                        : "You have used all %d votes of today in this contest.".formatted(limit))
                        .retryAfter(until(resetsAt));
            case KeyReused _ ->
                Problem.of(
                        HttpStatus.UNPROCESSABLE_CONTENT,
                        "idempotency_key_reused",
                        "This Idempotency-Key came before, with another request.");
        };
    }

    private Reply refusal(Problem problem) {
        return new Reply(problem.status(), json.writeValueAsString(problem.body()), problem.retryAfterSeconds());
    }

    private Duration until(Instant moment) {
        return Duration.between(clock.instant(), moment);
    }

    private static String seconds(Duration wait) {
        return Long.toString(Math.max(1, wait.toSeconds()));
    }
}
