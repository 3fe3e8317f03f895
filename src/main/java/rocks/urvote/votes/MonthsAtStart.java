package rocks.urvote.votes;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/// Whoever starts looks at the months of votes, whenever [PartitionsAhead] did so last. Where they cannot be made it
/// serves all the same: a vote that meets none asks again.
@Component
@ConditionalOnWebApplication
final class MonthsAtStart implements ApplicationRunner {

    private static final Logger log = LoggerFactory.getLogger(MonthsAtStart.class);

    private final Partitions partitions;

    MonthsAtStart(Partitions partitions) {
        this.partitions = partitions;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        try {
            var missing = partitions.missing();
            if (!missing.isEmpty()) {
                log.warn("Months that were not ready for votes are made: {}", String.join(", ", missing));
                partitions.makeAhead();
            }
        } catch (DataAccessException | TransactionException e) {
            log.error("The months of votes could not be made ready at the start; the chore tries again", e);
        }
    }
}
