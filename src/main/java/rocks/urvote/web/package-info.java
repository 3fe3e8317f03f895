/// The shell around every page and endpoint: layout, errors, security, the verification of tokens. It knows no module.
@ApplicationModule(allowedDependencies = "kernel")
@NullMarked
package rocks.urvote.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
