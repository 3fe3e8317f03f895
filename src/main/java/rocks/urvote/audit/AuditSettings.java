package rocks.urvote.audit;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What of the settings the log needs.
@ConfigurationProperties("urvote")
record AuditSettings(@DefaultValue("./data") String dataDir) {

    Path data() {
        return Path.of(dataDir);
    }
}
