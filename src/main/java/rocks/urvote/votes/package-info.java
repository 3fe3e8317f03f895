/// The ballot box: who may vote, the limits, and what became of each vote.
@ApplicationModule(allowedDependencies = {"kernel", "web", "operations", "identity", "clients", "contests", "songs"})
@NullMarked
package rocks.urvote.votes;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
