package rocks.urvote.votes;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import rocks.urvote.clients.Members;
import rocks.urvote.contests.ContestId;
import rocks.urvote.contests.Contests;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Refuses;

/// What the members of a client may know of the votes in their contest, in numbers.
@Component
class ContestStats {

    private final Transactions transactions;
    private final JdbcClient db;
    private final Contests contests;
    private final Members members;

    ContestStats(Transactions transactions, JdbcClient db, Contests contests, Members members) {
        this.transactions = transactions;
        this.db = db;
        this.contests = contests;
        this.members = members;
    }

    public record Stats(
            long voters,
            List<ByDay> byDay,
            List<ByCountry> byCountry,
            List<ByOutcome> byOutcome,
            List<ByFlag> byFlag) {}

    public record ByDay(LocalDate day, long votes) {}

    /// `country` is null where nobody knows.
    public record ByCountry(
            @org.jspecify.annotations.Nullable String country, long votes) {}

    /// A status of stored votes, or the code of a refusal.
    public record ByOutcome(String outcome, long votes) {}

    public record ByFlag(String flag, long votes) {}

    Stats of(Caller caller, ContestId contest) {
        var seen = contests.seenBy(Optional.of(caller), contest);
        return transactions.as(
                members.member(caller, seen.client()),
                () -> new Stats(
                        voters(contest), byDay(contest), byCountry(contest), byOutcome(contest), byFlag(contest)));
    }

    /// Every row is something, though the signature allows for none.
    @SuppressWarnings("NullAway")
    private <T> List<T> rows(ContestId contest, Class<T> kind, String sql) {
        return db.sql(sql).param("contest", contest).query(kind).list();
    }

    private long voters(ContestId contest) {
        return db.sql("select count(distinct voter_id) from votes where contest_id = :contest")
                .param("contest", contest)
                .query(Long.class)
                .single();
    }

    private List<ByDay> byDay(ContestId contest) {
        return rows(contest, ByDay.class, """
            select vote_day as day, count(*) as votes
              from votes
             where contest_id = :contest and status = 'counted'
             group by vote_day
             order by vote_day
            """);
    }

    private List<ByCountry> byCountry(ContestId contest) {
        return rows(contest, ByCountry.class, """
            select country_code as country, count(*) as votes
              from votes
             where contest_id = :contest and status = 'counted'
             group by country_code
             order by votes desc, country_code
            """);
    }

    private List<ByOutcome> byOutcome(ContestId contest) {
        return rows(contest, ByOutcome.class, """
            select outcome, sum(n)::bigint as votes
              from (select status as outcome, count(*) as n from votes where contest_id = :contest group by status
                    union all
                    select code, sum(n) from vote_refusals where contest_id = :contest group by code) outcomes
             group by outcome
             order by votes desc, outcome
            """);
    }

    private List<ByFlag> byFlag(ContestId contest) {
        return rows(contest, ByFlag.class, """
            select flag ->> 'code' as flag, count(*) as votes
              from votes
             cross join lateral jsonb_array_elements(fraud_flags) flag
             where contest_id = :contest and jsonb_typeof(fraud_flags) = 'array'
             group by flag ->> 'code'
             order by votes desc, flag
            """);
    }
}

@RestController
class ContestStatsEndpoint {

    private final ContestStats stats;

    ContestStatsEndpoint(ContestStats stats) {
        this.stats = stats;
    }

    @Refuses("403 forbidden")
    @GetMapping("/api/v1/contests/{contest}/stats")
    ContestStats.Stats stats(@PathVariable ContestId contest, Caller caller) {
        return stats.of(caller, contest);
    }
}
