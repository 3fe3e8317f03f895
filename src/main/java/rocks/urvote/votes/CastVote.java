package rocks.urvote.votes;

import java.util.List;
import org.springframework.stereotype.Component;
import rocks.urvote.identity.People;
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

/// A vote from the door to the ballot box, and the word of it to those who watch.
@Component
class CastVote {

    private final BallotBox ballotBox;
    private final People people;
    private final Refusals refusals;
    private final List<VotesChanged> watchers;

    CastVote(BallotBox ballotBox, People people, Refusals refusals, List<VotesChanged> watchers) {
        this.ballotBox = ballotBox;
        this.people = people;
        this.refusals = refusals;
        this.watchers = watchers;
    }

    Ruling cast(Ballot ballot) {
        var ruling = ballotBox.cast(ballot);
        if (ruling instanceof EmailNotVerified && verifiedSince(ballot)) {
            ruling = ballotBox.cast(ballot.verifiedAfterAll());
        }
        note(ruling);
        return ruling;
    }

    /// A token may be older than the verification, so the people are asked before anyone is sent away.
    private boolean verifiedSince(Ballot ballot) {
        return people.find(ballot.voter()).map(People.Person::verified).orElse(false);
    }

    private void note(Ruling ruling) {
        switch (ruling) {
            case Received received -> watchers.forEach(watcher -> watcher.in(received.contest()));
            case VotingClosed(var contest) -> refusals.count(contest, "voting_closed");
            case EmailNotVerified(var contest) -> refusals.count(contest, "email_not_verified");
            case OwnSong(var contest) -> refusals.count(contest, "own_song");
            case NotEligible(var contest) -> refusals.count(contest, "not_eligible");
            case AlreadyVoted(var contest) -> refusals.count(contest, "already_voted");
            case DailyLimitReached(var contest, var _) -> refusals.count(contest, "daily_limit_reached");
            case SongNotFound _, Repeated _, KeyReused _, Busy _ -> {
                // Nothing happened in any contest.
            }
        }
    }
}
