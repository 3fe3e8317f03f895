package rocks.urvote.votes;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import rocks.urvote.identity.RunningVotes;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Acting.Role;
import rocks.urvote.kernel.Holding;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;

/// The votes of people, as their voters may see them: one that is held looks received, and nothing tells what makes a
/// vote suspicious. Votes of an erased voter stay; from where they came is forgotten once their contest is over, as
/// until then it may have to be shown that they were cast by machines.
@Component
@Order(30)
class HeldVotes implements Holding, RunningVotes {

    private final Transactions transactions;
    private final JdbcClient db;

    HeldVotes(Transactions transactions, JdbcClient db) {
        this.transactions = transactions;
        this.db = db;
    }

    @Override
    public List<Part> parts() {
        return List.of(
                new Part("votes", Role.USER, "0", """
                    select id::text as key, row_to_json(held)::text as json
                      from (select id, song_id, contest_id, vote_day, created_at, ip_address, user_agent, device_fingerprint,
                                   country_code, region, city,
                                   case status when 'void' then 'void' when 'withdrawn' then 'withdrawn' else 'received' end as status,
                                   case when status in ('void', 'withdrawn') then changed_at end as changed_at,
                                   case status when 'void' then change_reason end as reason
                              from votes
                             where voter_id = :person and id > cast(:after as bigint)
                             order by id
                             limit :rows) held
                    """),
                new Part("ballots", Role.USER, "0", """
                    select key, row_to_json(held)::text as json
                      from (select row_number() over (order by vote_day, contest_id)::text as key,
                                   contest_id, vote_day, lim as votes_per_day, n as votes
                              from ballots
                             where voter_id = :person
                             order by vote_day, contest_id
                            offset cast(:after as bigint)
                             limit :rows) held
                    """),
                new Part("vote_answers", Role.CHORE, "", """
                    select key, row_to_json(held)::text as json
                      from (select idempotency_key as key, http_status, body, created_at
                              from vote_answers
                             where voter_id = :person and idempotency_key > :after
                             order by idempotency_key
                             limit :rows) held
                    """));
    }

    @Override
    public void erase(UserId person, Instant until) {
        transactions.as(Acting.CHORE, () -> {
            db.sql("""
                update votes v
                   set ip_address = null, user_agent = null, device_fingerprint = null, recaptcha_score = null,
                       country_code = null, region = null, city = null
                  from contests c
                 where v.voter_id = :person
                   and v.created_at <= :until
                   and c.id = v.contest_id
                   and c.end_date <= now() - interval '1 day'
                   and %s
                """.formatted(ForgetTraces.SOMETHING))
                    .param("person", person)
                    .param("until", until)
                    .update();
            db.sql("delete from vote_answers where voter_id = :person and created_at <= :until")
                    .param("person", person)
                    .param("until", until)
                    .update();
        });
    }

    @Override
    public Set<UserId> of(Collection<UserId> people) {
        return transactions.as(
                Acting.CHORE,
                () -> Set.copyOf(db.sql("""
                    select distinct b.voter_id
                      from contests c
                      join ballots b on b.contest_id = c.id
                     where c.end_date > now() - interval '1 day'
                       and b.voter_id = any (:people)
                    """)
                        .param("people", people.stream().map(UserId::value).toArray(Long[]::new))
                        .query((row, _) -> new UserId(row.getLong(1)))
                        .list()));
    }
}
