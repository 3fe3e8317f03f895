/// The front door: home, the contest page, and the demo.
@ApplicationModule(
        allowedDependencies = {
            "kernel",
            "web",
            "operations",
            "operations :: figures",
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
