package rocks.urvote.contests;

import static java.util.stream.Collectors.toMap;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import rocks.urvote.clients.Members;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.Id;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Problem;
import rocks.urvote.web.Slice;
import rocks.urvote.web.Window;
import tools.jackson.databind.json.JsonMapper;

/// The rows of every contest.
@Repository
class StoredContests implements Contests {

    /// A contest as it stands at this moment of the database.
    ///
    /// Songs are taken from `submissions_open` to `submissions_close`. Where one is missing, the contest's own
    /// start or end stands for it: without both they are taken while it is open, and after an early close voting
    /// goes on over the songs that are there.
    private static final String SELECT = """
        select id, client_id, name, description, start_date, end_date, is_active, max_entries_per_user,
               voting_enabled, rules, prizes, settings,
               case when not is_active then 'draft'
                    when now() < start_date then 'upcoming'
                    when now() < end_date then 'open'
                    else 'closed' end as state,
               is_active
                   and now() >= coalesce((settings ->> 'submissions_open')::timestamptz, start_date)
                   and now() < coalesce((settings ->> 'submissions_close')::timestamptz, end_date)
                   as takes_submissions
          from contests
        """;

    private final JdbcClient db;
    private final Transactions transactions;
    private final Members members;
    private final JsonMapper json;

    StoredContests(JdbcClient db, Transactions transactions, Members members, JsonMapper json) {
        this.db = db;
        this.transactions = transactions;
        this.members = members;
        this.json = json;
    }

    @Override
    public Optional<Contest> find(ContestId contest) {
        return select("where id = :contest")
                .param("contest", contest)
                .query(this::contest)
                .optional();
    }

    @Override
    public Map<ContestId, Contest> find(Collection<ContestId> contests) {
        if (contests.isEmpty()) {
            return Map.of();
        }
        return select("where id in (:contests)")
                .param("contests", contests.stream().map(Id::value).toList())
                .query(this::contest)
                .list()
                .stream()
                .collect(toMap(Contest::id, contest -> contest));
    }

    @Override
    public Optional<ClientId> clientOf(ContestId contest) {
        return transactions.as(
                Acting.LOOKUP,
                () -> db.sql("select client_id from contests where id = :contest")
                        .param("contest", contest)
                        .query((row, _) -> new ClientId(row.getLong(1)))
                        .optional());
    }

    @Override
    public Contest seenBy(Optional<Caller> caller, ContestId contest) {
        return clientOf(contest)
                .flatMap(client -> transactions.as(members.acting(caller, client), () -> find(contest)))
                .orElseThrow(() -> Problem.notFound().raised());
    }

    @Override
    public List<Contest> ofClient(ClientId client) {
        return select("""
             where client_id = :client
             order by case when not is_active then 3
                           when now() >= end_date then 2
                           when now() < start_date then 1
                           else 0 end,
                      end_date desc, id
            """).param("client", client).query(this::contest).list();
    }

    @Override
    public List<Contest> open() {
        return select("""
             where is_active and start_date <= now() and now() < end_date
             order by end_date, id
            """).query(this::contest).list();
    }

    @Override
    public Slice<Contest> in(Contest.State state, Window window) {
        return list(new Search(null, state), window);
    }

    private record Count(Contest.State state, long contests) {}

    @Override
    public Map<Contest.State, Long> countByState() {
        return db
                .sql("select state, count(*) as contests from (%s) as contest group by state".formatted(SELECT))
                .query(Count.class)
                .list()
                .stream()
                .collect(toMap(Count::state, Count::contests));
    }

    /// What a list of contests is narrowed to.
    record Search(@Nullable ClientId client, Contest.@Nullable State state) {}

    /// The newest first.
    Slice<Contest> list(Search search, Window window) {
        var rows = db.sql("""
            select *
              from (%s) as contest
             where (:client::bigint is null or client_id = :client)
               and (:state::text is null or state = :state)
               and id < :before
             order by id desc
             limit :rows
            """.formatted(SELECT))
                .param("client", search.client())
                .param("state", search.state())
                .param("before", window.afterNumber().orElse(Long.MAX_VALUE))
                .param("rows", window.rows())
                .query(this::contest)
                .list();
        return Slice.of(rows, window, contest -> contest.id().value());
    }

    /// The contest, kept as it is by whoever asks until their transaction ends.
    Optional<Contest> lock(ContestId contest) {
        return select("where id = :contest for no key update")
                .param("contest", contest)
                .query(this::contest)
                .optional();
    }

    Optional<Contest> named(ClientId client, String name) {
        return select("where client_id = :client and name_key = contest.name_key(:name)")
                .param("client", client)
                .param("name", name)
                .query(this::contest)
                .optional();
    }

    /// The database's present moment, by which states are told.
    Instant now() {
        return db.sql("select now()")
                .query((row, _) -> row.getObject(1, OffsetDateTime.class).toInstant())
                .single();
    }

    /// The database's clock at this very moment, not at the beginning of the transaction.
    Instant clock() {
        return db.sql("select clock_timestamp()")
                .query((row, _) -> row.getObject(1, OffsetDateTime.class).toInstant())
                .single();
    }

    /// Adds a contest unless the client has one of this name already.
    Optional<Contest> add(ClientId client, ContestPlan plan) {
        return planned(plan, db.sql("""
            insert into contests (client_id, name, description, start_date, end_date, is_active,
                                  max_entries_per_user, voting_enabled, rules, prizes, settings)
            values (:client, :name, :description, :startDate, :endDate, :isActive,
                    :maxEntriesPerUser, :votingEnabled, :rules, :prizes::jsonb, :settings::jsonb)
                on conflict on constraint contest_names_are_unique_within_a_client do nothing
            returning id
            """))
                .param("client", client)
                .query((row, _) -> new ContestId(row.getLong(1)))
                .optional()
                .flatMap(this::find);
    }

    /// Whether voters could have voted in it, so that days have been counted in its time zone.
    boolean tookVotes(ContestId contest) {
        return db.sql("""
            select took_votes_from is not null or is_active and voting_enabled and start_date <= now()
              from contests
             where id = :contest
            """).param("contest", contest).query(Boolean.class).single();
    }

    /// Writes a contest as it now is, unless its client has another of this name; then the transaction is lost.
    boolean change(ContestId contest, ContestPlan plan) {
        try {
            planned(plan, db.sql("""
                update contests
                   set name = :name, description = :description, start_date = :startDate, end_date = :endDate,
                       is_active = :isActive, max_entries_per_user = :maxEntriesPerUser,
                       voting_enabled = :votingEnabled, rules = :rules, prizes = :prizes::jsonb,
                       settings = :settings::jsonb,
                       took_votes_from = coalesce(took_votes_from,
                           case when is_active and voting_enabled and start_date <= now() then start_date end)
                 where id = :contest
                """)).param("contest", contest).update();
            return true;
        } catch (DuplicateKeyException e) {
            return false;
        }
    }

    private JdbcClient.StatementSpec planned(ContestPlan plan, JdbcClient.StatementSpec statement) {
        return statement
                .param("name", plan.name())
                .param("description", plan.description())
                .param("startDate", plan.startDate())
                .param("endDate", plan.endDate())
                .param("isActive", plan.isActive())
                .param("maxEntriesPerUser", plan.maxEntriesPerUser())
                .param("votingEnabled", plan.votingEnabled())
                .param("rules", plan.rules())
                .param("prizes", json.writeValueAsString(plan.prizes()))
                .param("settings", json.writeValueAsString(SettingsJson.of(plan.settings())));
    }

    private JdbcClient.StatementSpec select(String which) {
        return db.sql(SELECT + which);
    }

    private Contest contest(ResultSet row, int number) throws SQLException {
        return new Contest(
                new ContestId(row.getLong("id")),
                new ClientId(row.getLong("client_id")),
                row.getString("name"),
                row.getString("description"),
                row.getObject("start_date", OffsetDateTime.class).toInstant(),
                row.getObject("end_date", OffsetDateTime.class).toInstant(),
                row.getBoolean("is_active"),
                row.getInt("max_entries_per_user"),
                row.getBoolean("voting_enabled"),
                row.getString("rules"),
                List.of(json.readValue(row.getString("prizes"), String[].class)),
                json.readValue(row.getString("settings"), SettingsJson.class).stored(),
                Contest.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getBoolean("takes_submissions"));
    }
}
