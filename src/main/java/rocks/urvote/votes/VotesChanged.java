package rocks.urvote.votes;

import rocks.urvote.contests.ContestId;

/// Hears, after the commit, that the votes of a contest are not what they were. Vote by vote, so it must be quick.
public interface VotesChanged {

    void in(ContestId contest);
}
