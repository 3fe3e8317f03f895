package rocks.urvote.votes;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import rocks.urvote.contests.ContestId;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;
import rocks.urvote.songs.SongId;
import rocks.urvote.web.Position;
import rocks.urvote.web.Slice;
import rocks.urvote.web.Window;

@Component
class StoredMyVotes implements MyVotes {

    private static final Instant END_OF_TIME = Instant.parse("9999-01-01T00:00:00Z");

    private final Transactions transactions;
    private final JdbcClient db;

    StoredMyVotes(Transactions transactions, JdbcClient db) {
        this.transactions = transactions;
        this.db = db;
    }

    @Override
    public Today today(UserId voter, ContestId contest) {
        return transactions.as(Acting.user(voter), () -> {
            var day = db.sql("""
                select coalesce((c.settings ->> 'votes_per_day')::integer, 10) as "limit", coalesce(b.n, 0) as used,
                       coalesce(b.songs[1 : b.n], '{}') as songs,
                       (day.day + 1)::timestamp at time zone coalesce(c.settings ->> 'time_zone', 'UTC') as resets_at
                  from contests c
                 cross join lateral (select (now() at time zone coalesce(c.settings ->> 'time_zone', 'UTC'))::date as day) day
                  left join ballots b on b.contest_id = c.id and b.voter_id = :voter and b.vote_day = day.day
                 where c.id = :contest
                """)
                    .param("voter", voter)
                    .param("contest", contest)
                    .query((row, number) -> new Today(
                            row.getInt("limit"),
                            Math.max(0, row.getInt("limit") - row.getInt("used")),
                            songs((Long[]) row.getArray("songs").getArray()),
                            row.getTimestamp("resets_at").toInstant()))
                    .optional();
            return day.orElseThrow(
                    () -> new IllegalStateException("%s is not visible to %s".formatted(contest, voter)));
        });
    }

    private static Set<SongId> songs(Long[] ids) {
        return Arrays.stream(ids).map(SongId::new).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public boolean hasVotedIn(UserId voter, ContestId contest) {
        return transactions.as(
                Acting.user(voter),
                () -> db.sql("""
                    select exists (select from votes
                                    where contest_id = :contest and voter_id = :voter and status <> 'withdrawn')
                    """)
                        .param("contest", contest)
                        .param("voter", voter)
                        .query(Boolean.class)
                        .single());
    }

    /// A vote as its voter sees it: held ones look received like all others.
    public record MyVote(
            VoteId voteId,
            SongId songId,
            String title,
            String artistName,
            ContestId contestId,
            String contestName,
            LocalDate voteDay,
            Instant createdAt,
            String status,
            @Nullable String reason) {}

    /// The newest first. By time, as ids are drawn by each writer in blocks.
    Slice<MyVote> of(UserId voter, Window window) {
        var after = Position.of(window);
        List<MyVote> votes = transactions.as(
                Acting.user(voter),
                () -> db.sql("""
                    select v.id as vote_id, v.song_id, coalesce(s.title, 'A song no longer shown') as title,
                           coalesce(s.artist_name, '') as artist_name, v.contest_id,
                           coalesce(c.name, '') as contest_name, v.vote_day, v.created_at,
                           case v.status when 'void' then 'void' when 'withdrawn' then 'withdrawn' else 'received' end as status,
                           case v.status when 'void' then v.change_reason end as reason
                      from votes v
                      left join songs s on s.id = v.song_id
                      left join contests c on c.id = v.contest_id
                     where v.voter_id = :voter and (v.created_at, v.id) < (:since, :before)
                     order by v.created_at desc, v.id desc
                     limit :rows
                    """)
                        .param("voter", voter)
                        .param("since", after.map(Position::instant).orElse(END_OF_TIME))
                        .param("before", after.map(Position::id).orElse(Long.MAX_VALUE))
                        .param("rows", window.rows())
                        .query(MyVote.class)
                        .list());
        return Slice.of(votes, window, vote -> Position.of(vote.createdAt(), vote.voteId()));
    }
}
