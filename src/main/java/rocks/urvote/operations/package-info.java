/// Everything the person with a shell does: the command line, set-up, migrations, the embedded database, backups,
/// health.
@ApplicationModule(allowedDependencies = {"kernel"})
@NullMarked
package rocks.urvote.operations;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
