package rocks.urvote.votes;

import java.time.Duration;
import java.util.List;
import org.springframework.stereotype.Component;
import rocks.urvote.operations.Chore;
import rocks.urvote.operations.Schedule;

/// Keeps the months of votes ready.
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
    public Schedule schedule() {
        return Schedule.every(Duration.ofDays(1));
    }

    @Override
    public String run() {
        var missing = partitions.missing();
        partitions.makeAhead();
        return missing.isEmpty()
                ? "Last month, this one and three ahead are ready for votes."
                : "%s made ready for votes.".formatted(String.join(", ", missing));
    }

    @Override
    public List<String> plan() {
        return partitions.missing().stream()
                .map("%s would be made ready for votes."::formatted)
                .toList();
    }
}
