package rocks.urvote.votes;

import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import rocks.urvote.contests.ContestId;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.songs.SongId;
import rocks.urvote.votes.Ruling.AlreadyVoted;
import rocks.urvote.votes.Ruling.DailyLimitReached;
import rocks.urvote.votes.Ruling.EmailNotVerified;
import rocks.urvote.votes.Ruling.NotEligible;
import rocks.urvote.votes.Ruling.OwnSong;
import rocks.urvote.votes.Ruling.Received;
import rocks.urvote.votes.Ruling.SongNotFound;
import rocks.urvote.votes.Ruling.VotingClosed;

/// One transaction a vote, and in it one statement that decides every rule by rows, keys and the database's clock.
@Component
class StoredBallotBox implements BallotBox {

    private final Transactions transactions;
    private final JdbcClient db;
    private final VoteAnswers answers;
    private final Partitions partitions;

    StoredBallotBox(Transactions transactions, JdbcClient db, VoteAnswers answers, Partitions partitions) {
        this.transactions = transactions;
        this.db = db;
        this.answers = answers;
        this.partitions = partitions;
    }

    @Override
    public Ruling cast(Ballot ballot) {
        try {
            return inOneTransaction(ballot);
        } catch (DataIntegrityViolationException e) {
            if (!lacksPartition(e)) {
                throw e;
            }
            partitions.makeForToday();
            return inOneTransaction(ballot);
        }
    }

    private Ruling inOneTransaction(Ballot ballot) {
        return transactions.as(Acting.ballotBox(ballot.voter()), () -> {
            var key = ballot.key();
            if (key == null) {
                return rule(ballot);
            }
            return answers.first(ballot.voter(), key).orElseGet(() -> {
                var ruling = rule(ballot);
                answers.keep(ballot.voter(), key, ruling);
                return ruling;
            });
        });
    }

    /// The ballot's row is the lock: it holds the day's limit and the songs accepted so far, so one look decides both
    /// "already voted" and "limit reached", whoever else is voting as the same person at the same time.
    private Ruling rule(Ballot ballot) {
        return db.sql("""
            with asked as materialized (
                select s.id as song, c.id as contest, day.day,
                       coalesce((c.settings ->> 'votes_per_day')::integer, 10) as lim,
                       (day.day + 1)::timestamp at time zone zone.zone as resets_at,
                       case when now() < c.start_date or now() >= c.end_date or not c.voting_enabled then 'voting_closed'
                            when not :verified then 'email_not_verified'
                            when s.artist_id = :voter then 'own_song'
                            when coalesce(c.settings -> 'blocked_countries' @> to_jsonb(:country::text), false)
                              or (jsonb_array_length(coalesce(c.settings -> 'allowed_countries', '[]')) > 0
                                  and not coalesce(c.settings -> 'allowed_countries' @> to_jsonb(:country::text), false))
                            then 'not_eligible'
                            end as refusal
                  from songs s
                  join contests c on c.id = s.contest_id
                 cross join lateral (select coalesce(c.settings ->> 'time_zone', 'UTC') as zone) zone
                 cross join lateral (select (now() at time zone zone.zone)::date as day) day
                 where s.id = :song and s.status = 'approved' and c.is_active
            ), ballot as (
                insert into ballots as b (contest_id, voter_id, vote_day, lim, n, added, songs)
                select contest, :voter, day, lim, 1, 1, array[song]
                  from asked
                 where refusal is null
                    on conflict (contest_id, voter_id, vote_day) do update set (lim, n, added, songs) = (
                       select excluded.lim, b.n + may.add, may.add, b.songs[1 : b.n] || excluded.songs[1 : may.add]
                         from (select case when excluded.songs[1] = any (b.songs[1 : b.n]) or b.n >= excluded.lim
                                           then 0 else 1 end as add) may)
                returning b.n, b.added, b.songs
            ), vote as (
                insert into votes (contest_id, song_id, voter_id, vote_day, ip_address, user_agent,
                                   device_fingerprint, country_code)
                select contest, song, :voter, day, :ipAddress, :userAgent, :deviceFingerprint, :country
                  from asked
                 cross join ballot
                 where ballot.added = 1
                returning id
            ), tally as (
                insert into song_tallies as t (song_id, shard, n, changes)
                select song, pg_backend_pid() % 16, 1, 1
                  from asked
                 cross join ballot
                 where ballot.added = 1
                    on conflict (song_id, shard) do update set n = t.n + 1, changes = t.changes + 1, changed_at = now()
            )
            select asked.contest, asked.song, asked.day, asked.lim as "limit", asked.resets_at, asked.refusal,
                   coalesce(ballot.n, 0) as used, (select id from vote) as vote,
                   coalesce(asked.song = any (ballot.songs[1 : ballot.n]), false) as voted
              from asked
              left join ballot on true
            """)
                .paramSource(ballot)
                .query(Row.class)
                .optional()
                .map(Row::ruling)
                .orElseGet(SongNotFound::new);
    }

    record Row(
            ContestId contest,
            SongId song,
            LocalDate day,
            int limit,
            Instant resetsAt,
            @Nullable String refusal,
            int used,
            @Nullable VoteId vote,
            boolean voted) {

        Ruling ruling() {
            return switch (refusal) {
                case null -> decided();
                case "voting_closed" -> new VotingClosed(contest);
                case "email_not_verified" -> new EmailNotVerified(contest);
                case "own_song" -> new OwnSong(contest);
                case "not_eligible" -> new NotEligible(contest);
                default -> throw new IllegalStateException("Nobody knows the refusal " + refusal);
            };
        }

        private Ruling decided() {
            if (vote != null) {
                return new Received(vote, song, contest, day, Math.max(0, limit - used));
            }
            return voted ? new AlreadyVoted(contest, day) : new DailyLimitReached(contest, limit, resetsAt);
        }
    }

    /// PostgreSQL says check_violation, without a constraint's name, when no partition takes a row.
    private static boolean lacksPartition(DataIntegrityViolationException e) {
        return Optional.ofNullable(e.getMostSpecificCause())
                .filter(SQLException.class::isInstance)
                .map(SQLException.class::cast)
                .filter(cause -> "23514".equals(cause.getSQLState()))
                .filter(cause -> String.valueOf(cause.getMessage()).contains("no partition of relation"))
                .isPresent();
    }
}
