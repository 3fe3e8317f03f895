package rocks.urvote.votes;

/// Takes ballots. What it says is so: a vote it calls received is on disk, once.
public interface BallotBox {

    Ruling cast(Ballot ballot);
}
