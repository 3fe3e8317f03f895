package rocks.urvote.contests;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.springframework.stereotype.Component;
import rocks.urvote.clients.EnsureClient;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;

/// Makes the clients and contests of a listing that are not there yet, all of them or none.
@Component
class ImportContests {

    private static final int DAYS = 30;

    private final StoredContests contests;
    private final EnsureClient ensureClient;
    private final EnsureContest ensureContest;
    private final Transactions transactions;

    ImportContests(
            StoredContests contests,
            EnsureClient ensureClient,
            EnsureContest ensureContest,
            Transactions transactions) {
        this.contests = contests;
        this.ensureClient = ensureClient;
        this.ensureContest = ensureContest;
        this.transactions = transactions;
    }

    /// What became of each row, or would.
    record Report(List<String> lines, int clients, int contests, int repetitions, int known) {

        Report {
            lines = List.copyOf(lines);
        }
    }

    Report run(Listing listing) {
        return transactions.as(new Acting(Acting.Role.ADMIN, null, null), () -> bring(listing));
    }

    /// Does it all and takes it back, so that the answer is what the database itself makes of the rows.
    Report rehearse(Listing listing) {
        try {
            return transactions.as(new Acting(Acting.Role.ADMIN, null, null), () -> {
                throw new Rehearsed(bring(listing));
            });
        } catch (Rehearsed rehearsed) {
            return rehearsed.report;
        }
    }

    private Report bring(Listing listing) {
        var lines = new ArrayList<String>();
        var places = new HashMap<ContestId, String>();
        var begin = contests.now();
        int newClients = 0;
        int newContests = 0;
        int repetitions = 0;
        int known = 0;
        for (var row : listing.rows()) {
            var client = ensureClient.ensure(row.client());
            if (client.added()) {
                newClients++;
                lines.add("%s: new client %s, at /clients/%s"
                        .formatted(row.place(), row.client(), client.client().slug()));
            }
            var plan = new ContestPlan(
                    row.contest(),
                    null,
                    begin,
                    begin.plus(DAYS, ChronoUnit.DAYS),
                    1,
                    false,
                    row.active(),
                    null,
                    List.of(),
                    ContestSettings.DEFAULT);
            var contest = ensureContest.ensure(client.client().id(), plan);
            var name = "%s / %s".formatted(row.client(), row.contest());
            var first = places.putIfAbsent(contest.contest().id(), row.place());
            if (first != null) {
                repetitions++;
                lines.add("%s: repeats %s, merged with it: %s".formatted(row.place(), first, name));
            } else if (contest.added()) {
                newContests++;
                lines.add("%s: new contest %s, from now for %d days, voting off until an owner sets the dates"
                        .formatted(row.place(), name, DAYS));
            } else {
                known++;
                lines.add("%s: is there already and stays as it is: %s".formatted(row.place(), name));
            }
        }
        return new Report(lines, newClients, newContests, repetitions, known);
    }

    private static final class Rehearsed extends RuntimeException {

        private final transient Report report;

        private Rehearsed(Report report) {
            super("rehearsed", null, false, false);
            this.report = report;
        }
    }
}
