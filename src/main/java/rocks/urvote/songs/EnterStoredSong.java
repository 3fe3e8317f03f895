package rocks.urvote.songs;

import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import rocks.urvote.contests.ContestId;
import rocks.urvote.kernel.UserId;
import rocks.urvote.media.Files;

@Component
class EnterStoredSong implements EnterSong {

    private final StoredSongs songs;
    private final ApplicationEventPublisher facts;
    private final Clock clock;

    EnterStoredSong(StoredSongs songs, ApplicationEventPublisher facts, Clock clock) {
        this.songs = songs;
        this.facts = facts;
        this.clock = clock;
    }

    @Override
    public SongId pending(UserId artist, ContestId contest, Entry entry, Files.@Nullable Kept file) {
        return enter(artist, contest, entry, file).id();
    }

    @Override
    public SongId approved(UserId artist, UserId moderator, ContestId contest, Entry entry, Files.@Nullable Kept file) {
        var song = enter(artist, contest, entry, file);
        if (!songs.approve(song.id(), moderator)) {
            throw new IllegalStateException("%s was entered just now, but does not wait".formatted(song));
        }
        facts.publishEvent(
                new SongApproved(song.id(), song.contest(), song.client(), song.artist(), moderator, clock.instant()));
        return song.id();
    }

    @Override
    public List<SongId> approvedMany(UserId moderator, ContestId contest, List<UserId> artists, List<Entry> entries) {
        return songs.addMany(moderator, contest, artists, entries);
    }

    private Song enter(UserId artist, ContestId contest, Entry entry, Files.@Nullable Kept file) {
        var song = songs.add(contest, artist, entry, file)
                .flatMap(songs::find)
                .orElseThrow(
                        () -> new IllegalStateException("%s takes no further song of %s".formatted(contest, artist)));
        facts.publishEvent(new SongSubmitted(song.id(), song.contest(), song.client(), song.artist(), clock.instant()));
        return song;
    }
}
