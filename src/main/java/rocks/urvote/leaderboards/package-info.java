/// Tallies, ranks and the live stream.
@ApplicationModule(allowedDependencies = {"kernel", "web", "operations", "clients", "contests", "songs", "votes"})
@NullMarked
package rocks.urvote.leaderboards;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
