/// The few words every module shares: identities, facts, e-mail addresses and their folding, and the way to SQL.
@ApplicationModule(
        type = ApplicationModule.Type.OPEN,
        allowedDependencies = {})
@NullMarked
package rocks.urvote.kernel;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
