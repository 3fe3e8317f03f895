package rocks.urvote.songs;

import java.time.Clock;
import java.util.Optional;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import rocks.urvote.clients.Members;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Checks;
import rocks.urvote.web.Problem;

/// Lets a song in, or sends it back with a reason: what a member of its client does.
@Component
class DecideSong {

    private final StoredSongs songs;
    private final Members members;
    private final Transactions transactions;
    private final ApplicationEventPublisher facts;
    private final Clock clock;

    DecideSong(
            StoredSongs songs,
            Members members,
            Transactions transactions,
            ApplicationEventPublisher facts,
            Clock clock) {
        this.songs = songs;
        this.members = members;
        this.transactions = transactions;
        this.facts = facts;
        this.clock = clock;
    }

    Song approve(Caller moderator, SongId id) {
        var song = songs.seenBy(Optional.of(moderator), id);
        return transactions.as(members.member(moderator, song.client()), () -> {
            if (!songs.approve(id, moderator.user())) {
                throw notPending();
            }
            facts.publishEvent(new SongApproved(
                    id, song.contest(), song.client(), song.artist(), moderator.user(), clock.instant()));
            return songs.find(id).orElse(song);
        });
    }

    Song reject(Caller moderator, SongId id, @org.jspecify.annotations.Nullable String reason) {
        var song = songs.seenBy(Optional.of(moderator), id);
        var acting = members.member(moderator, song.client());
        var checks = Checks.start();
        var words = checks.lines("reason", reason, 2000);
        checks.orRaise();
        return transactions.as(acting, () -> {
            if (!songs.reject(id, moderator.user(), words)) {
                throw notPending();
            }
            facts.publishEvent(new SongRejected(
                    id, song.contest(), song.client(), song.artist(), moderator.user(), words, clock.instant()));
            return songs.find(id).orElse(song);
        });
    }

    private static Problem.Raised notPending() {
        return Problem.of(HttpStatus.CONFLICT, "not_pending", "This song does not wait for a decision.")
                .raised();
    }
}
