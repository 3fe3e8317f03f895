package rocks.urvote.identity;

import java.util.Collection;
import java.util.Set;
import rocks.urvote.kernel.UserId;

/// Which people have votes in contests that run, or ended within a day: asked before an erased mailbox is forgotten,
/// and answered where the votes are.
public interface RunningVotes {

    Set<UserId> of(Collection<UserId> people);
}
