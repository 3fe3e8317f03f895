/// Everything the person with a shell does: the command line, migrations, the embedded database, maintenance, health.
@ApplicationModule(allowedDependencies = {"kernel"})
@NullMarked
package rocks.urvote.operations;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
