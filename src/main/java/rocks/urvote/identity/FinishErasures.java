package rocks.urvote.identity;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;
import rocks.urvote.operations.Chore;
import rocks.urvote.operations.Schedule;

/// Brings erasures to their end: whoever still holds something is asked again, and the mailbox is forgotten once no
/// contest runs that it voted in. One that fails keeps nobody else waiting.
@Component
class FinishErasures implements Chore {

    private static final Logger log = LoggerFactory.getLogger(FinishErasures.class);

    private static final int AT_ONCE = 200;

    private final Transactions transactions;
    private final Erasures erasures;
    private final EraseMyself eraseMyself;
    private final ObjectProvider<RunningVotes> votes;

    FinishErasures(
            Transactions transactions, Erasures erasures, EraseMyself eraseMyself, ObjectProvider<RunningVotes> votes) {
        this.transactions = transactions;
        this.erasures = erasures;
        this.eraseMyself = eraseMyself;
        this.votes = votes;
    }

    @Override
    public String name() {
        return "bring erasures to their end";
    }

    @Override
    public Schedule schedule() {
        return Schedule.every(Duration.ofHours(1));
    }

    @Override
    public String run() {
        int open = 0;
        int ended = 0;
        var failures = new ArrayList<RuntimeException>();
        for (var people = next(new UserId(0)); !people.isEmpty(); people = next(people.getLast())) {
            var voting = votes.getObject().of(people);
            for (var person : people) {
                try {
                    eraseMyself.letGo(person);
                } catch (RuntimeException e) {
                    log.warn("Not all that user {} left behind could be let go of", person.value(), e);
                    failures.add(e);
                    continue;
                }
                if (voting.contains(person)) {
                    open++;
                } else {
                    transactions.as(Acting.CHORE, () -> erasures.forget(person));
                    ended++;
                }
            }
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException(
                    "%,d %s could not be brought to %s end, first because of: %s"
                            .formatted(
                                    failures.size(),
                                    failures.size() == 1 ? "erasure" : "erasures",
                                    failures.size() == 1 ? "its" : "their",
                                    failures.getFirst().getMessage()),
                    failures.getFirst());
        }
        return "%,d erased mailboxes are forgotten; %,d wait for the end of contests they voted in."
                .formatted(ended, open);
    }

    private List<UserId> next(UserId last) {
        return transactions.as(Acting.CHORE, () -> erasures.after(last, AT_ONCE));
    }
}
