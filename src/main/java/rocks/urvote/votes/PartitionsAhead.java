package rocks.urvote.votes;

import java.time.Duration;
import org.springframework.stereotype.Component;
import rocks.urvote.operations.Chore;

/// Keeps the months of votes ready: at the start, and every day.
@Component
class PartitionsAhead implements Chore {

    private final Partitions partitions;

    PartitionsAhead(Partitions partitions) {
        this.partitions = partitions;
    }

    @Override
    public String name() {
        return "vote partitions";
    }

    @Override
    public Duration every() {
        return Duration.ofDays(1);
    }

    @Override
    public void run() {
        partitions.makeAhead();
    }
}
