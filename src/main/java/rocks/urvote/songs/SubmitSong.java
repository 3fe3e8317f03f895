package rocks.urvote.songs;

import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import rocks.urvote.contests.Contest;
import rocks.urvote.contests.ContestId;
import rocks.urvote.contests.Contests;
import rocks.urvote.identity.People;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.media.Files;
import rocks.urvote.songs.Submission.AlreadyApproved;
import rocks.urvote.songs.Submission.AlreadyWithdrawn;
import rocks.urvote.songs.Submission.DuplicateFile;
import rocks.urvote.songs.Submission.EntryLimitReached;
import rocks.urvote.songs.Submission.SubmissionsClosed;
import rocks.urvote.songs.Submission.Taken;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Checks;
import rocks.urvote.web.Problem;

/// Enters a song into a contest, changes it until it is approved, and takes it out again: what an artist does.
@Component
class SubmitSong {

    private final StoredSongs songs;
    private final Contests contests;
    private final People people;
    private final Files files;
    private final Transactions transactions;
    private final ApplicationEventPublisher facts;
    private final Clock clock;

    SubmitSong(
            StoredSongs songs,
            Contests contests,
            People people,
            Files files,
            Transactions transactions,
            ApplicationEventPublisher facts,
            Clock clock) {
        this.songs = songs;
        this.contests = contests;
        this.people = people;
        this.files = files;
        this.transactions = transactions;
        this.facts = facts;
        this.clock = clock;
    }

    /// The contest, if this artist may send a song now; else leaves, before a byte of it is read.
    Contest admit(Caller artist, ContestId contest) {
        var wanted = contests.seenBy(Optional.of(artist), contest);
        if (!verified(artist)) {
            throw Problem.emailNotVerified().raised();
        }
        if (!wanted.takesSubmissions()) {
            new SubmissionsClosed().orRaise();
        }
        if (entries(artist, contest) >= wanted.maxEntriesPerUser()) {
            new EntryLimitReached(wanted.maxEntriesPerUser()).orRaise();
        }
        return wanted;
    }

    int entries(Caller artist, ContestId contest) {
        return transactions.as(artist.acting(), () -> songs.entries(contest, artist.user()));
    }

    /// A token that says unverified may be older than the verification.
    boolean verified(Caller artist) {
        return artist.verified()
                || people.find(artist.user()).map(People.Person::verified).orElse(false);
    }

    Submission submit(Caller artist, ContestId contest, Draft draft, Files.@Nullable Kept file) {
        var checks = Checks.start();
        var entry = draft.checked(checks, file != null);
        checks.orRaise();
        return decided(
                artist,
                contest,
                file,
                () -> transactions.as(artist.acting(), () -> {
                    var now = contests.find(contest);
                    if (now.isEmpty() || !now.get().takesSubmissions()) {
                        return new SubmissionsClosed();
                    }
                    var added = songs.add(contest, artist.user(), entry, file).flatMap(songs::find);
                    if (added.isEmpty()) {
                        return new EntryLimitReached(now.get().maxEntriesPerUser());
                    }
                    var song = added.get();
                    facts.publishEvent(new SongSubmitted(
                            song.id(), song.contest(), song.client(), song.artist(), clock.instant()));
                    return new Taken(song, null);
                }));
    }

    /// The song, if this caller may change it; else leaves.
    Song own(Caller artist, SongId id) {
        var song = songs.seenBy(Optional.of(artist), id);
        if (!song.isBy(artist.user()) && !artist.admin()) {
            throw Problem.forbidden().raised();
        }
        return song;
    }

    /// The song, if a change to it could be taken now; else leaves, before a byte of it is read.
    Song changeable(Caller artist, SongId id) {
        var song = own(artist, id);
        refusal(song).ifPresent(Submission::orRaise);
        return song;
    }

    private static Optional<Submission> refusal(Song song) {
        return switch (song.status()) {
            case APPROVED -> Optional.of(new AlreadyApproved());
            case WITHDRAWN -> Optional.of(new AlreadyWithdrawn());
            case PENDING, REJECTED -> Optional.empty();
        };
    }

    /// `change` turns what the song says now into what it shall say. What people hear, and what was rejected, may
    /// change only while the contest takes songs.
    Submission revise(Caller artist, SongId id, Change change, Files.@Nullable Kept file, boolean rightsDeclaredAgain) {
        var before = changeable(artist, id);
        var submission = decided(
                artist,
                before.contest(),
                file,
                () -> transactions.as(artist.acting(), () -> {
                    var song =
                            songs.hold(id).orElseThrow(() -> Problem.notFound().raised());
                    var refusal = refusal(song);
                    if (refusal.isPresent()) {
                        return refusal.get();
                    }
                    var checks = Checks.start();
                    var entry = change.of(Draft.of(song)).checked(checks, file != null || song.filePath() != null);
                    checks.orRaise();
                    boolean rejected = song.status() == Song.Status.REJECTED;
                    boolean soundsTheSame = file == null && Objects.equals(entry.externalLink(), song.externalLink());
                    var contest = contests.find(song.contest());
                    if ((rejected || !soundsTheSame)
                            && !contest.map(Contest::takesSubmissions).orElse(false)) {
                        return new SubmissionsClosed();
                    }
                    if (!songs.revise(song, entry, file, rightsDeclaredAgain)) {
                        return new EntryLimitReached(
                                contest.map(Contest::maxEntriesPerUser).orElse(1));
                    }
                    facts.publishEvent(
                            rejected
                                    ? new SongResubmitted(
                                            id, song.contest(), song.client(), song.artist(), clock.instant())
                                    : new SongRevised(
                                            id, song.contest(), song.client(), song.artist(), clock.instant()));
                    return new Taken(songs.find(id).orElse(song), file == null ? null : song.filePath());
                }));
        if (submission instanceof Taken taken && taken.replacedFile() != null) {
            files.discard(taken.replacedFile());
        }
        return submission;
    }

    @FunctionalInterface
    interface Change {
        Draft of(Draft draft);
    }

    /// A second time changes nothing.
    void withdraw(Caller artist, SongId id) {
        var song = own(artist, id);
        transactions.as(artist.acting(), () -> {
            if (songs.withdraw(id)) {
                facts.publishEvent(
                        new SongWithdrawn(id, song.contest(), song.client(), song.artist(), clock.instant()));
            }
        });
    }

    /// Tries again as long as another of the artist's songs takes the place this one wanted: there may be a next one.
    private Submission decided(
            Caller artist, ContestId contest, Files.@Nullable Kept file, Supplier<Submission> attempt) {
        while (true) {
            try {
                return attempt.get();
            } catch (DuplicateKeyException e) {
                if (file != null && violates(e, "the_same_file_enters_a_contest_once")) {
                    return new DuplicateFile(visibleHolder(artist, contest, file.sha256()));
                }
                if (!violates(e, "an_artist_takes_each_entry_once")) {
                    throw e;
                }
            }
        }
    }

    private @Nullable Song visibleHolder(Caller artist, ContestId contest, String hash) {
        try {
            return songs.holderOf(hash, contest)
                    .map(first -> songs.seenBy(Optional.of(artist), first))
                    .orElse(null);
        } catch (Problem.Raised e) {
            return null;
        }
    }

    private static boolean violates(DuplicateKeyException e, String constraint) {
        return e.getMostSpecificCause() instanceof PSQLException refused
                && Optional.ofNullable(refused.getServerErrorMessage())
                        .map(ServerErrorMessage::getConstraint)
                        .filter(constraint::equals)
                        .isPresent();
    }
}
