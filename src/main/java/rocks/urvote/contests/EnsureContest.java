package rocks.urvote.contests;

import rocks.urvote.kernel.ClientId;

/// Makes contests for importers and demos, inside a transaction for an admin; what is there already stays as it is.
public interface EnsureContest {

    /// The client's contest of the plan's name, without regard to case and blanks; made by the plan where there is
    /// none.
    Ensured ensure(ClientId client, ContestPlan plan);

    record Ensured(Contest contest, boolean added) {}
}
