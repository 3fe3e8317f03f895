/// The front door: home, the contest page, and the demo.
@ApplicationModule(
        allowedDependencies = {
            "kernel",
            "web",
            "operations",
            "identity",
            "media",
            "clients",
            "contests",
            "songs",
            "votes",
            "leaderboards"
        })
@NullMarked
package rocks.urvote.site;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
