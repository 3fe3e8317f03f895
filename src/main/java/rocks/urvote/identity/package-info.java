/// Accounts, verified addresses, sign-in and sessions.
@ApplicationModule(allowedDependencies = {"kernel", "web", "operations"})
@NullMarked
package rocks.urvote.identity;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
