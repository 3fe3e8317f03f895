package rocks.urvote.votes;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import rocks.urvote.songs.SongId;
import rocks.urvote.web.Caller;
import rocks.urvote.web.ClientAddresses;
import rocks.urvote.web.Problem;
import rocks.urvote.web.RateLimits;

/// Where a request becomes a ballot, for the page and the API alike.
@Component
class VotingDesk {

    private static final Pattern CONTROLS = Pattern.compile("\\p{Cntrl}");

    private final CastVote castVote;
    private final WithdrawVote withdrawVote;
    private final VoteReplies replies;
    private final RateLimits limits;
    private final VoteSettings settings;
    private final ClientAddresses addresses;
    private final Places places;

    VotingDesk(
            CastVote castVote,
            WithdrawVote withdrawVote,
            VoteReplies replies,
            RateLimits limits,
            VoteSettings settings,
            ClientAddresses addresses,
            Places places) {
        this.castVote = castVote;
        this.withdrawVote = withdrawVote;
        this.replies = replies;
        this.limits = limits;
        this.settings = settings;
        this.addresses = addresses;
        this.places = places;
    }

    /// Leaves with 429 when this voter, or everyone behind this address together, asks too often.
    void limit(Caller caller, HttpServletRequest http) {
        limits.orRaise(settings.ofVoter(), caller.user());
        limits.orRaise(settings.ofAddress(), addresses.networkOf(http));
    }

    /// Leaves with the refusal, where there is one.
    void voteOrRaise(Caller caller, SongId song, HttpServletRequest http) {
        var ruling = ruling(caller, song, null, null, http);
        if (!(ruling instanceof Ruling.Received)) {
            throw replies.problem(ruling).raised();
        }
    }

    VoteReplies.Reply vote(
            Caller caller,
            SongId song,
            @Nullable String fingerprint,
            Ballot.@Nullable Key key,
            HttpServletRequest http) {
        return replies.to(ruling(caller, song, fingerprint, key, http));
    }

    private Ruling ruling(
            Caller caller,
            SongId song,
            @Nullable String fingerprint,
            Ballot.@Nullable Key key,
            HttpServletRequest http) {
        var address = addresses.of(http);
        return castVote.cast(new Ballot(
                song,
                caller.user(),
                caller.verified(),
                address.getHostAddress(),
                userAgent(http).orElse(null),
                fingerprint,
                places.countryOf(address).orElse(null),
                key));
    }

    void withdraw(Caller caller, SongId song) {
        limits.orRaise(settings.ofWithdrawals(), caller.user());
        switch (withdrawVote.withdraw(caller.user(), song)) {
            case WithdrawVote.Outcome.Withdrawn _ -> {
                // The vote is taken back, and nothing more is to be said.
            }
            case WithdrawVote.Outcome.NoVoteToday _ ->
                throw Problem.of(HttpStatus.NOT_FOUND, "not_found", "You have no vote for this song today.")
                        .raised();
            case WithdrawVote.Outcome.VotingClosed _ ->
                throw Problem.of(
                                HttpStatus.CONFLICT,
                                "voting_closed",
                                "This contest takes no votes at the moment, and gives none back.")
                        .raised();
        }
    }

    private static Optional<String> userAgent(HttpServletRequest http) {
        return Optional.ofNullable(http.getHeader(HttpHeaders.USER_AGENT))
                .map(agent -> CONTROLS.matcher(agent).replaceAll(" "))
                .map(agent -> agent.length() > 500 ? agent.substring(0, 500) : agent);
    }
}
