package rocks.urvote.songs;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import rocks.urvote.clients.Members;
import rocks.urvote.contests.ContestId;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;
import rocks.urvote.media.Files;
import rocks.urvote.songs.Song.Status;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Position;
import rocks.urvote.web.Problem;
import rocks.urvote.web.Slice;
import rocks.urvote.web.Window;

@Repository
final class StoredSongs implements Songs {

    /// All that is known of songs; which of them, the caller adds.
    static final String SONGS = """
        select id, client_id as client, contest_id as contest, artist_id as artist, title, artist_name, genre,
               ai_tools_used, description, license_type, file_path, file_size, file_hash, media_type, duration_ms,
               external_link, status, rejection_reason, created_at, submitted_at, approved_at, decided_at,
               withdrawn_at, rights_declared_at
          from songs
        """;

    /// The lowest of an artist's places in a contest that none of their other songs takes.
    private static final String FREE_ENTRY = """
        (select min(place)
           from generate_series(1, contest.max_entries_per_user) place
          where place not in (select taken.entry_number
                                from songs taken
                               where taken.contest_id = contest.id
                                 and taken.artist_id = :artist
                                 and not taken.is_rejected
                                 and taken.withdrawn_at is null))
        """;

    private final JdbcClient db;
    private final Transactions transactions;
    private final Members members;
    private final Programme programme;

    StoredSongs(JdbcClient db, Transactions transactions, Members members, Programme programme) {
        this.db = db;
        this.transactions = transactions;
        this.members = members;
        this.programme = programme;
    }

    @Override
    public Optional<Song> find(SongId song) {
        return db.sql(SONGS + "where id = :song")
                .param("song", song)
                .query(Song.class)
                .optional();
    }

    /// The same, and nobody else changes it until the transaction is over.
    Optional<Song> hold(SongId song) {
        return db.sql(SONGS + "where id = :song for update")
                .param("song", song)
                .query(Song.class)
                .optional();
    }

    @Override
    public Map<SongId, Song> find(Collection<SongId> songs) {
        if (songs.isEmpty()) {
            return Map.of();
        }
        return all(db.sql(SONGS + "where id in (:songs)")
                        .param("songs", songs.stream().map(SongId::value).toList())
                        .query(Song.class))
                .stream()
                .collect(Collectors.toMap(Song::id, Function.identity()));
    }

    @Override
    public Song seenBy(Optional<Caller> caller, SongId song) {
        return clientOf(song)
                .flatMap(client -> transactions.as(members.acting(caller, client), () -> find(song)))
                .orElseThrow(() -> Problem.notFound().raised());
    }

    private Optional<ClientId> clientOf(SongId song) {
        return transactions.as(
                Acting.LOOKUP,
                () -> db.sql("select client_id from songs where id = :song")
                        .param("song", song)
                        .query(Long.class)
                        .optional()
                        .map(ClientId::new));
    }

    /// The song that holds a file in a contest, whoever may see it.
    Optional<SongId> holderOf(String fileHash, ContestId contest) {
        return transactions.as(
                Acting.LOOKUP,
                () -> db.sql("""
                    select id
                      from songs
                     where contest_id = :contest
                       and file_hash = :hash
                       and not is_rejected
                       and withdrawn_at is null
                    """)
                        .param("contest", contest)
                        .param("hash", fileHash)
                        .query(Long.class)
                        .optional()
                        .map(SongId::new));
    }

    /// How many songs an artist has in a contest that are neither rejected nor withdrawn.
    int entries(ContestId contest, UserId artist) {
        return db.sql("""
            select count(*)
              from songs
             where contest_id = :contest
               and artist_id = :artist
               and not is_rejected
               and withdrawn_at is null
            """)
                .param("contest", contest)
                .param("artist", artist)
                .query(Integer.class)
                .single();
    }

    /// Adds a song as the artist's next entry; empty when they have none left.
    Optional<SongId> add(ContestId contest, UserId artist, Entry entry, Files.@Nullable Kept file) {
        return db.sql("""
            insert into songs (client_id, contest_id, artist_id, entry_number,
                               title, artist_name, genre, ai_tools_used, description, license_type,
                               file_path, file_size, file_hash, media_type, duration_ms, external_link,
                               rights_declared_at, rights_text_version)
            select contest.client_id, contest.id, :artist, free.place,
                   :title, :artistName, :genre, :aiToolsUsed, :description, :license,
                   :path, :size, :hash, :mediaType, :duration, :link,
                   now(), :rights
              from contests contest
             cross join lateral (select
            """ + FREE_ENTRY + """
                    as place) free
             where contest.id = :contest
               and free.place is not null
            returning id
            """)
                .param("contest", contest)
                .params(values(artist, entry, file))
                .query(Long.class)
                .optional()
                .map(SongId::new);
    }

    /// Adds approved songs with links, the first entry of each artist; those who have one already are left out.
    List<SongId> addMany(UserId moderator, ContestId contest, List<UserId> artists, List<Entry> entries) {
        return db.sql("""
            insert into songs (client_id, contest_id, artist_id, entry_number, title, artist_name, genre, ai_tools_used,
                               description, license_type, external_link, is_approved, approved_at, decided_at, decided_by,
                               rights_declared_at, rights_text_version)
            select c.client_id, c.id, artist, 1, title, artist_name, genre, ai_tools, entered.description, license, link, true, now(),
                   now(), :moderator, now(), :rights
              from contests c,
                   unnest(cast(:artists as bigint[]), cast(:titles as text[]), cast(:names as text[]), cast(:genres as text[]),
                          cast(:tools as text[]), cast(:descriptions as text[]), cast(:licenses as text[]),
                          cast(:links as text[]))
                   entered (artist, title, artist_name, genre, ai_tools, description, license, link)
             where c.id = :contest
                on conflict do nothing
            returning id
            """)
                .param("contest", contest)
                .param("moderator", moderator)
                .param("rights", Rights.NOW.version())
                .param("artists", artists.stream().map(UserId::value).toArray(Long[]::new))
                .param("titles", texts(entries, Entry::title))
                .param("names", texts(entries, Entry::artistName))
                .param("genres", texts(entries, Entry::genre))
                .param("tools", texts(entries, Entry::aiToolsUsed))
                .param("descriptions", texts(entries, Entry::description))
                .param(
                        "licenses",
                        texts(entries, entry -> entry.license().name().toLowerCase(Locale.ROOT)))
                .param("links", texts(entries, Entry::externalLink))
                .query((row, _) -> new SongId(row.getLong(1)))
                .list();
    }

    private static @Nullable String[] texts(List<Entry> entries, Function<Entry, @Nullable String> part) {
        return entries.stream().map(part).toArray(String[]::new);
    }

    /// Changes a song that waits or was rejected, which then waits again; without a file it keeps its own. False when
    /// it would need a place and the artist has none left.
    boolean revise(Song song, Entry entry, Files.@Nullable Kept file, boolean rightsDeclaredAgain) {
        return db.sql("""
            update songs song
               set title = :title,
                   artist_name = :artistName,
                   genre = :genre,
                   ai_tools_used = :aiToolsUsed,
                   description = :description,
                   license_type = :license,
                   external_link = :link,
                   file_path = case when :newFile then :path else song.file_path end,
                   file_size = case when :newFile then :size else song.file_size end,
                   file_hash = case when :newFile then :hash else song.file_hash end,
                   media_type = case when :newFile then :mediaType else song.media_type end,
                   duration_ms = case when :newFile then :duration else song.duration_ms end,
                   rights_declared_at = case when :declared then now() else song.rights_declared_at end,
                   rights_text_version = case when :declared then :rights else song.rights_text_version end,
                   entry_number = case when song.is_rejected then free.place else song.entry_number end,
                   is_rejected = false,
                   rejection_reason = null,
                   decided_at = null,
                   decided_by = null,
                   submitted_at = now()
              from contests contest
             cross join lateral (select
            """ + FREE_ENTRY + """
                    as place) free
             where song.id = :song
               and contest.id = song.contest_id
               and (free.place is not null or not song.is_rejected)
            """)
                        .param("song", song.id())
                        .param("newFile", file != null)
                        .param("declared", rightsDeclaredAgain)
                        .params(values(song.artist(), entry, file))
                        .update()
                == 1;
    }

    private static Map<String, ?> values(UserId artist, Entry entry, Files.@Nullable Kept file) {
        var values = new HashMap<String, @Nullable Object>();
        values.put("artist", artist);
        values.put("title", entry.title());
        values.put("artistName", entry.artistName());
        values.put("genre", entry.genre());
        values.put("aiToolsUsed", entry.aiToolsUsed());
        values.put("description", entry.description());
        values.put("license", entry.license());
        values.put("link", entry.externalLink());
        values.put("rights", Rights.NOW.version());
        values.put("path", file == null ? null : file.path());
        values.put("size", file == null ? null : file.size());
        values.put("hash", file == null ? null : file.sha256());
        values.put("mediaType", file == null ? null : file.format().mediaType());
        values.put(
                "duration",
                file == null || file.duration() == null ? null : file.duration().toMillis());
        return values;
    }

    boolean withdraw(SongId song) {
        return db.sql("update songs set withdrawn_at = now() where id = :song and withdrawn_at is null")
                        .param("song", song)
                        .update()
                == 1;
    }

    /// False when the song does not wait for a decision.
    boolean approve(SongId song, UserId by) {
        return db.sql("""
            update songs
               set is_approved = true, approved_at = now(), decided_at = now(), decided_by = :by
             where id = :song and status = 'pending'
            """).param("song", song).param("by", by).update() == 1;
    }

    boolean reject(SongId song, UserId by, String reason) {
        return db.sql("""
            update songs
               set is_rejected = true, rejection_reason = :reason, decided_at = now(), decided_by = :by
             where id = :song and status = 'pending'
            """)
                        .param("song", song)
                        .param("reason", reason)
                        .param("by", by)
                        .update()
                == 1;
    }

    Slice<Song> of(UserId artist, Window window) {
        var rows = all(db.sql(SONGS + """
             where artist_id = :artist and id < :before
             order by id desc
             limit :rows
            """)
                .param("artist", artist)
                .param("before", window.afterNumber().orElse(Long.MAX_VALUE))
                .param("rows", window.rows())
                .query(Song.class));
        return Slice.of(rows, window, song -> song.id().value());
    }

    /// What waits, longest first; what is decided, latest first.
    Slice<Song> of(ClientId client, Status status, Window window) {
        var after = Position.of(window);
        var since = status == Status.PENDING ? "submitted_at" : "coalesce(withdrawn_at, decided_at, submitted_at)";
        var then = status == Status.PENDING ? ">" : "<";
        var direction = status == Status.PENDING ? "asc" : "desc";
        var rows = all(db.sql(SONGS + """
             where client_id = :client
               and status = :status
               and (:first or (%1$s, id) %2$s (:since, :id))
             order by %1$s %3$s, id %3$s
             limit :rows
            """.formatted(since, then, direction))
                .param("client", client)
                .param("status", status)
                .param("first", after.isEmpty())
                .param("since", after.map(Position::instant).orElse(Instant.EPOCH))
                .param("id", after.map(Position::id).orElse(0L))
                .param("rows", window.rows())
                .query(Song.class));
        return Slice.of(rows, window, song -> Position.of(since(song), song.id()));
    }

    private static Instant since(Song song) {
        if (song.status() == Status.PENDING) {
            return song.submittedAt();
        }
        if (song.withdrawnAt() != null) {
            return song.withdrawnAt();
        }
        return song.decidedAt() == null ? song.submittedAt() : song.decidedAt();
    }

    int count(ClientId client, Status status) {
        return db.sql("select count(*) from songs where client_id = :client and status = :status")
                .param("client", client)
                .param("status", status)
                .query(Integer.class)
                .single();
    }

    @Override
    public Slice<Song> approvedIn(Optional<Caller> caller, ContestId contest, Search search, Window window) {
        return programme.songs(caller, contest, search, window);
    }

    @Override
    public List<String> genresIn(ContestId contest) {
        return programme.genres(contest);
    }

    /// Every row is something, though the signature allows for none.
    @SuppressWarnings("NullAway")
    static <T> List<T> all(JdbcClient.MappedQuerySpec<T> rows) {
        return rows.list();
    }
}
