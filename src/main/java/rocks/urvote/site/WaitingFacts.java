package rocks.urvote.site;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.events.IncompleteEventPublications;
import org.springframework.stereotype.Component;
import rocks.urvote.identity.WaitingMails;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.web.Caller;

/// What is on its way: facts that somebody is to hear of and has not (the outbox), and this node's mails.
@Component
class WaitingFacts {

    private static final int MOST = 200;

    private final JdbcClient db;
    private final WaitingMails mails;
    private final IncompleteEventPublications publications;
    private final Transactions transactions;
    private final ApplicationEventPublisher facts;
    private final Clock clock;

    WaitingFacts(
            JdbcClient db,
            WaitingMails mails,
            IncompleteEventPublications publications,
            Transactions transactions,
            ApplicationEventPublisher facts,
            Clock clock) {
        this.db = db;
        this.mails = mails;
        this.publications = publications;
        this.transactions = transactions;
        this.facts = facts;
        this.clock = clock;
    }

    /// A fact somebody has not heard of: who, of what kind, since when, and how often it was tried.
    public record WaitingFact(UUID id, String listener, String fact, Instant since, int tries) {}

    /// The oldest first, and no more of them than anybody reads.
    List<WaitingFact> facts() {
        return db.sql("""
            select id, listener_id, event_type, publication_date, coalesce(completion_attempts, 0) as tries
              from contest.event_publication
             where completion_date is null
             order by publication_date
             limit :most
            """)
                .param("most", MOST)
                .query((row, _) -> new WaitingFact(
                        row.getObject("id", UUID.class),
                        simple(row.getString("listener_id").replaceFirst("\\(.*", "")),
                        simple(row.getString("event_type")),
                        row.getTimestamp("publication_date").toInstant(),
                        row.getInt("tries")))
                .list();
    }

    MailsRetried retry(Caller caller) {
        caller.mustBeAdmin();
        Set<UUID> waiting = facts().stream().map(WaitingFact::id).collect(Collectors.toSet());
        publications.resubmitIncompletePublications(publication -> waiting.contains(publication.getIdentifier()));
        var retried = new MailsRetried(mails.retry(), waiting.size(), clock.instant());
        transactions.as(caller.acting(), () -> facts.publishEvent(retried));
        return retried;
    }

    /// `rocks.urvote.songs.SongMails.approved` without the packages.
    private static String simple(String name) {
        return name.replaceFirst("^([a-z]+\\.)+", "");
    }
}
