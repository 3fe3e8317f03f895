package rocks.urvote.songs;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import rocks.urvote.clients.Members;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Checks;
import rocks.urvote.web.Problem;

/// Lets a song in, or sends it back with a reason: what a member of its client does.
///
/// `submittedAt` is when the artist sent what the moderator decides on, as far as the moderator says so: a decision
/// never meets a song that was changed after somebody listened to it.
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

    Song approve(Caller moderator, SongId id, @Nullable String submittedAt) {
        var song = songs.seenBy(Optional.of(moderator), id);
        var acting = members.member(moderator, song.client());
        var checks = Checks.start();
        var heard = checks.optionalInstant("submitted_at", submittedAt);
        checks.orRaise();
        return transactions.as(acting, () -> {
            unchanged(id, heard);
            if (!songs.approve(id, moderator.user())) {
                throw notPending();
            }
            facts.publishEvent(new SongApproved(
                    id, song.contest(), song.client(), song.artist(), moderator.user(), clock.instant()));
            return songs.find(id).orElse(song);
        });
    }

    Song reject(Caller moderator, SongId id, @Nullable String reason, @Nullable String submittedAt) {
        var song = songs.seenBy(Optional.of(moderator), id);
        var acting = members.member(moderator, song.client());
        var checks = Checks.start();
        var words = checks.lines("reason", reason, 2000);
        var heard = checks.optionalInstant("submitted_at", submittedAt);
        checks.orRaise();
        return transactions.as(acting, () -> {
            unchanged(id, heard);
            if (!songs.reject(id, moderator.user(), words)) {
                throw notPending();
            }
            facts.publishEvent(new SongRejected(
                    id, song.contest(), song.client(), song.artist(), moderator.user(), words, clock.instant()));
            return songs.find(id).orElse(song);
        });
    }

    /// Keeps the song as it is until it is decided.
    private void unchanged(SongId id, Optional<Instant> heard) {
        var song = songs.hold(id).orElseThrow(() -> Problem.notFound().raised());
        if (song.status() != Song.Status.PENDING) {
            throw notPending();
        }
        if (heard.isPresent() && !heard.get().equals(song.submittedAt())) {
            throw Problem.of(
                            HttpStatus.CONFLICT,
                            "changed_meanwhile",
                            "The artist changed this song after you looked: please listen again.")
                    .raised();
        }
    }

    private static Problem.Raised notPending() {
        return Problem.of(HttpStatus.CONFLICT, "not_pending", "This song does not wait for a decision.")
                .raised();
    }
}
