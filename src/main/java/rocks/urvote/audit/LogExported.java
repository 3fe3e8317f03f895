package rocks.urvote.audit;

import java.time.Instant;
import java.util.Map;
import rocks.urvote.kernel.Fact;

public record LogExported(String format, Map<String, String> filter, Instant at) implements Fact {

    public LogExported {
        filter = Map.copyOf(filter);
    }
}
