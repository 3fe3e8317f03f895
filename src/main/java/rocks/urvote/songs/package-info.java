/// Submissions and their moderation.
@ApplicationModule(allowedDependencies = {"kernel", "web", "operations", "identity", "media", "clients", "contests"})
@NullMarked
package rocks.urvote.songs;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
