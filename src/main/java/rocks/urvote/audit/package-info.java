/// Writes down every fact in the transaction in which it happens.
@ApplicationModule(allowedDependencies = {"kernel"})
@NullMarked
package rocks.urvote.audit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
