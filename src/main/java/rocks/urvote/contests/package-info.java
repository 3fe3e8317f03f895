/// Contests, their settings and their clock.
@ApplicationModule(allowedDependencies = {"kernel", "web", "operations", "identity", "clients"})
@NullMarked
package rocks.urvote.contests;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
