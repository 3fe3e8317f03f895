package rocks.urvote.operations;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import rocks.urvote.kernel.Acting;

/// What became of the chores, as their page shows it, and the way to have one done now.
public interface ChoreBook {

    enum Outcome {
        RUNNING,
        DONE,
        FAILED,
        /// Its node ended in the middle of it.
        BROKEN_OFF
    }

    /// One run.
    ///
    /// @param node where it ran: a machine and a port, or the command
    /// @param note what it did, or why it failed
    record Run(String node, Instant startedAt, @Nullable Instant endedAt, Outcome outcome, String note) {

        public Optional<Duration> took() {
            return endedAt == null ? Optional.empty() : Optional.of(Duration.between(startedAt, endedAt));
        }
    }

    /// One chore.
    ///
    /// @param due      when it runs next
    /// @param failures how often in a row it has failed
    /// @param runs     the newest first
    record Entry(String chore, String schedule, Instant due, int failures, List<Run> runs) {

        public Entry {
            runs = List.copyOf(runs);
        }

        public boolean running() {
            return !runs.isEmpty() && runs.getFirst().outcome() == Outcome.RUNNING;
        }

        public Optional<Run> lastDone() {
            return runs.stream().filter(run -> run.outcome() == Outcome.DONE).findFirst();
        }
    }

    /// By their names.
    List<Entry> entries();

    /// Its newest run that came to its end, on whichever node, as this one saw it last: some seconds ago.
    Optional<Run> lastDone(String chore);

    /// What comes of asking for a run.
    enum Begun {
        BEGUN,
        UNDER_WAY,
        UNKNOWN
    }

    /// Begins a run now, whether it is due or not, on this node. Who asked is on record.
    Begun begin(String chore, Acting asking);
}
