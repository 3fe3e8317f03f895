package rocks.urvote.votes;

import java.time.Duration;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import rocks.urvote.contests.ContestId;
import rocks.urvote.songs.SongId;

/// What becomes of a ballot.
public sealed interface Ruling {

    /// In, and on disk. A held vote looks the same, so that nobody learns from the answer how to get through.
    record Received(VoteId vote, SongId song, ContestId contest, LocalDate day, int votesLeftToday) implements Ruling {}

    record SongNotFound() implements Ruling {}

    record VotingClosed(ContestId contest) implements Ruling {}

    record EmailNotVerified(ContestId contest) implements Ruling {}

    record OwnSong(ContestId contest) implements Ruling {}

    record NotEligible(ContestId contest) implements Ruling {}

    record AlreadyVoted(ContestId contest) implements Ruling {}

    /// `retryAfter` ends at the contest's next midnight, by the database's clock.
    record DailyLimitReached(ContestId contest, Duration retryAfter) implements Ruling {}

    /// The first answer to this `Idempotency-Key`, again.
    record Repeated(int status, String body, @Nullable Duration retryAfter) implements Ruling {}

    record KeyReused() implements Ruling {}

    /// There is more to do than can be done, or the database is away. Whether it got through is not known: the same
    /// `Idempotency-Key` finds out.
    record Busy() implements Ruling {}
}
