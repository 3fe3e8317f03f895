/// Brands that run contests: their pages, colours and members.
@ApplicationModule(allowedDependencies = {"kernel", "web", "operations", "identity"})
@NullMarked
package rocks.urvote.clients;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
