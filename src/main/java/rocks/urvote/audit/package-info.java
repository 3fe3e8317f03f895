/// Writes down every fact in the transaction in which it happens, and shows admins what was written.
@ApplicationModule(allowedDependencies = {"kernel", "web", "operations", "identity", "clients"})
@NullMarked
package rocks.urvote.audit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
