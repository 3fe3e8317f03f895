package rocks.urvote.songs;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import rocks.urvote.contests.ContestId;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Acting.Role;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.Holding;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;

/// The songs of people. Those of an erased artist leave contests that run, as the artist could have withdrawn them; in
/// a contest that is over an approved one keeps its title and its place, and nothing else.
@Component
@Order(20)
class HeldSongs implements Holding {

    /// What stands where words of the artist stood.
    static final String NOBODY = "Somebody who left";

    private final Transactions transactions;
    private final JdbcClient db;
    private final ApplicationEventPublisher facts;
    private final Clock clock;

    HeldSongs(Transactions transactions, JdbcClient db, ApplicationEventPublisher facts, Clock clock) {
        this.transactions = transactions;
        this.db = db;
        this.facts = facts;
        this.clock = clock;
    }

    @Override
    public List<Part> parts() {
        return List.of(new Part("songs", Role.USER, "0", """
            select id::text as key, row_to_json(held)::text as json
              from (select id, contest_id, title, artist_name, genre, ai_tools_used, description, license_type, file_path,
                           file_size, file_hash, media_type, duration_ms, external_link, status, rejection_reason, created_at,
                           submitted_at, approved_at, decided_at, withdrawn_at, rights_declared_at, rights_text_version,
                           metadata
                      from songs
                     where artist_id = :person and id > cast(:after as bigint)
                     order by id
                     limit :rows) held
            """));
    }

    private record Emptied(SongId song, ContestId contest, ClientId client, boolean withdrawnNow) {}

    @Override
    public void erase(UserId person, Instant until) {
        transactions.as(Acting.CHORE, () -> {
            for (var song : emptied(person, until)) {
                if (song.withdrawnNow()) {
                    facts.publishEvent(
                            new SongWithdrawn(song.song(), song.contest(), song.client(), person, clock.instant()));
                }
            }
        });
    }

    private List<Emptied> emptied(UserId person, Instant until) {
        return db.sql("""
            with theirs as materialized (
                select s.id, s.is_approved and s.withdrawn_at is null and c.end_date <= now() as stays, s.withdrawn_at
                  from songs s
                  join contests c on c.id = s.contest_id
                 where s.artist_id = :person and s.created_at <= :until and s.erased_at is null
                   for update of s
            )
            update songs s
               set withdrawn_at = case when theirs.stays then null else coalesce(s.withdrawn_at, now()) end,
                   title = case when theirs.stays then s.title else 'Removed' end,
                   artist_name = :nobody,
                   genre = case when theirs.stays then s.genre end,
                   ai_tools_used = 'removed',
                   description = null,
                   rejection_reason = case when s.is_rejected then 'removed' end,
                   file_path = null,
                   file_size = null,
                   file_hash = null,
                   media_type = null,
                   duration_ms = null,
                   external_link = null,
                   metadata = '{}',
                   erased_at = now()
              from theirs
             where s.id = theirs.id
            returning s.id, s.contest_id, s.client_id, not theirs.stays and theirs.withdrawn_at is null as withdrawn_now
            """)
                .param("person", person)
                .param("until", until)
                .param("nobody", NOBODY)
                .query((row, _) -> new Emptied(
                        new SongId(row.getLong("id")),
                        new ContestId(row.getLong("contest_id")),
                        new ClientId(row.getLong("client_id")),
                        row.getBoolean("withdrawn_now")))
                .list();
    }
}
