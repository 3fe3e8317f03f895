package rocks.urvote.votes;

import java.time.Duration;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import rocks.urvote.songs.SongId;
import rocks.urvote.votes.Ruling.AlreadyVoted;
import rocks.urvote.votes.Ruling.Busy;
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

    private static final Problem ALREADY_VOTED = Problem.of(
            HttpStatus.CONFLICT, "already_voted", "You have already voted for this song today. Come back tomorrow.");

    private static final Problem LIMIT_REACHED = Problem.of(
            HttpStatus.TOO_MANY_REQUESTS,
            "daily_limit_reached",
            "You have used all your votes of today in this contest.");

    private final JsonMapper json;

    VoteReplies(JsonMapper json) {
        this.json = json;
    }

    /// What [VoteReceived] is as JSON. The database fills it in where an answer is kept, so both are the same to the
    /// byte.
    static final String RECEIVED = "{\"vote_id\":%s,\"song_id\":%s,\"vote_day\":\"%s\",\"votes_left_today\":%s}";

    record Reply(HttpStatus status, String body, @Nullable String retryAfter) {

        MediaType mediaType() {
            return status.isError() ? MediaType.APPLICATION_PROBLEM_JSON : MediaType.APPLICATION_JSON;
        }
    }

    public record VoteReceived(VoteId voteId, SongId songId, LocalDate voteDay, int votesLeftToday) {}

    Reply to(Ruling ruling) {
        return switch (ruling) {
            case Received(var vote, var song, var _, var day, var left) ->
                new Reply(HttpStatus.CREATED, RECEIVED.formatted(vote.value(), song.value(), day, left), null);
            case Repeated(var status, var body, var retryAfter) ->
                new Reply(
                        HttpStatus.valueOf(status),
                        body,
                        retryAfter == null ? null : Long.toString(Math.max(1, retryAfter.toSeconds())));
            case SongNotFound _ -> refusal(problem(ruling));
            case VotingClosed _ -> refusal(problem(ruling));
            case EmailNotVerified _ -> refusal(problem(ruling));
            case OwnSong _ -> refusal(problem(ruling));
            case NotEligible _ -> refusal(problem(ruling));
            case AlreadyVoted _ -> refusal(problem(ruling));
            case DailyLimitReached _ -> refusal(problem(ruling));
            case KeyReused _ -> refusal(problem(ruling));
            case Busy _ -> refusal(problem(ruling));
        };
    }

    /// The bodies that are kept with an `Idempotency-Key`, besides [#RECEIVED].
    String alreadyVoted() {
        return body(ALREADY_VOTED);
    }

    String dailyLimitReached() {
        return body(LIMIT_REACHED);
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
            case AlreadyVoted _ -> ALREADY_VOTED;
            case DailyLimitReached(var _, var retryAfter) -> LIMIT_REACHED.retryAfter(retryAfter);
            case KeyReused _ ->
                Problem.of(
                        HttpStatus.UNPROCESSABLE_CONTENT,
                        "idempotency_key_reused",
                        "This Idempotency-Key came before, with another request.");
            case Busy _ -> Problem.busy(Duration.ofSeconds(1));
        };
    }

    private Reply refusal(Problem problem) {
        return new Reply(problem.status(), body(problem), problem.retryAfterSeconds());
    }

    private String body(Problem problem) {
        return json.writeValueAsString(problem.body());
    }
}
