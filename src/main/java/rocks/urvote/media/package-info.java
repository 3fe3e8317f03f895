/// Files: receiving, proving, storing and serving them.
@ApplicationModule(allowedDependencies = {"kernel", "web", "operations"})
@NullMarked
package rocks.urvote.media;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
