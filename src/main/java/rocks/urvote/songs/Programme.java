package rocks.urvote.songs;

import static rocks.urvote.songs.StoredSongs.all;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import rocks.urvote.clients.Members;
import rocks.urvote.contests.ContestId;
import rocks.urvote.contests.Contests;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.songs.Songs.Search;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Position;
import rocks.urvote.web.Problem;
import rocks.urvote.web.Slice;
import rocks.urvote.web.Window;

/// What a contest plays: its approved songs, in the order a visitor wants, page by page.
@Component
class Programme {

    private final JdbcClient db;
    private final Transactions transactions;
    private final Members members;
    private final Contests contests;
    private final ObjectProvider<VoteCounts> counts;

    Programme(
            JdbcClient db,
            Transactions transactions,
            Members members,
            Contests contests,
            ObjectProvider<VoteCounts> counts) {
        this.db = db;
        this.transactions = transactions;
        this.members = members;
        this.contests = contests;
        this.counts = counts;
    }

    Slice<Song> songs(Optional<Caller> caller, ContestId contest, Search search, Window window) {
        var client =
                contests.clientOf(contest).orElseThrow(() -> Problem.notFound().raised());
        return transactions.as(members.acting(caller, client), () -> switch (search.sort()) {
            case RANDOM -> shuffled(contest, search, window);
            case NEWEST -> newest(contest, search, window);
            case TITLE -> byTitle(contest, search, window);
            case VOTES -> byVotes(caller, contest, search, window);
        });
    }

    private Slice<Song> shuffled(ContestId contest, Search search, Window window) {
        var after = Position.of(window);
        long seed = UUID.nameUUIDFromBytes(search.seed().getBytes(StandardCharsets.UTF_8))
                .getMostSignificantBits();
        var rows = all(found(contest, search, """
               and (:first or (hashtextextended(id::text, :seed), id)
                            > (select hashtextextended(:id::text, :seed), :id::bigint))
             order by hashtextextended(id::text, :seed), id
             limit :rows
            """)
                .param("seed", seed)
                .param("first", after.isEmpty())
                .param("id", after.map(Position::id).orElse(0L))
                .param("rows", window.rows())
                .query(Song.class));
        return Slice.of(rows, window, song -> new Position(0, song.id().value()));
    }

    private Slice<Song> newest(ContestId contest, Search search, Window window) {
        var after = Position.of(window);
        var rows = all(found(contest, search, """
               and (:first or (approved_at, id) < (:since, :id))
             order by approved_at desc, id desc
             limit :rows
            """)
                .param("first", after.isEmpty())
                .param("since", after.map(Position::instant).orElse(Instant.EPOCH))
                .param("id", after.map(Position::id).orElse(0L))
                .param("rows", window.rows())
                .query(Song.class));
        return Slice.of(
                rows,
                window,
                song -> Position.of(song.approvedAt() == null ? song.submittedAt() : song.approvedAt(), song.id()));
    }

    private Slice<Song> byTitle(ContestId contest, Search search, Window window) {
        record Place(String title, long id) {

            static Place of(String position) {
                int colon = position.indexOf(':');
                if (colon < 1 || !position.substring(0, colon).matches("[0-9]{1,18}")) {
                    throw Position.unknown();
                }
                return new Place(position.substring(colon + 1), Long.parseLong(position.substring(0, colon)));
            }

            @Override
            public String toString() {
                return id + ":" + title;
            }
        }
        var after = Optional.ofNullable(window.after()).map(Place::of);
        var rows = all(found(contest, search, """
               and (:first or (lower(title), id) > (lower(:title), :id))
             order by lower(title), id
             limit :rows
            """)
                .param("first", after.isEmpty())
                .param("title", after.map(Place::title).orElse(""))
                .param("id", after.map(Place::id).orElse(0L))
                .param("rows", window.rows())
                .query(Song.class));
        return Slice.of(rows, window, song -> new Place(song.title(), song.id().value()));
    }

    /// In the order of the moment: a page goes on behind the song the last one ended with, wherever it stands now.
    /// Songs
    /// without votes stand as on the leaderboard, and need not wait until it knows them.
    private Slice<Song> byVotes(Optional<Caller> caller, ContestId contest, Search search, Window window) {
        var found = all(found("select id from songs", contest, search, "order by lower(title), title, id")
                .query((row, _) -> new SongId(row.getLong(1))));
        var order = new LinkedHashSet<>(counts.getObject().mostVoted(contest, caller));
        order.addAll(found);
        var ranked = List.copyOf(order);
        int from = Position.of(window)
                .map(last -> {
                    int now = ranked.indexOf(new SongId(last.id()));
                    return now >= 0 ? now + 1 : (int) Math.min(last.key(), ranked.size());
                })
                .orElse(0);
        var wanted = new HashSet<>(found);
        var page = ranked.subList(from, ranked.size()).stream()
                .filter(wanted::contains)
                .limit(window.rows())
                .toList();
        return Slice.of(
                inThisOrder(page),
                window,
                song -> new Position(ranked.indexOf(song.id()), song.id().value()));
    }

    private List<Song> inThisOrder(List<SongId> page) {
        if (page.isEmpty()) {
            return List.of();
        }
        return all(db.sql(StoredSongs.SONGS + "where id in (:page)")
                        .param("page", page.stream().map(SongId::value).toList())
                        .query(Song.class))
                .stream()
                .sorted(Comparator.comparingInt(song -> page.indexOf(song.id())))
                .toList();
    }

    private JdbcClient.StatementSpec found(ContestId contest, Search search, String then) {
        return found(StoredSongs.SONGS, contest, search, then);
    }

    private JdbcClient.StatementSpec found(String select, ContestId contest, Search search, String then) {
        return db.sql(select + """

             where contest_id = :contest
               and status = 'approved'
               and (:genre::text is null or lower(genre) = lower(:genre))
               and (:text::text is null or title ilike :text or artist_name ilike :text)
            """ + then)
                .param("contest", contest)
                .param("genre", search.genre())
                .param("text", search.text() == null ? null : "%" + plain(search.text()) + "%");
    }

    /// Takes their meaning from the characters that mean something to `like`.
    private static String plain(String text) {
        return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    }

    List<String> genres(ContestId contest) {
        return all(db.sql("""
            select min(genre) as genre
              from songs
             where contest_id = :contest and status = 'approved' and genre is not null
             group by lower(genre)
             order by lower(min(genre))
            """).param("contest", contest).query(String.class));
    }
}
