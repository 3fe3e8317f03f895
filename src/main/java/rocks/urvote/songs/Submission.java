package rocks.urvote.songs;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import rocks.urvote.web.Problem;

/// What becomes of a song that an artist submits, or of a change to it.
sealed interface Submission {

    /// `replacedFile` is the path of the file that the song had before, where it has another one now.
    record Taken(Song song, @Nullable String replacedFile) implements Submission {}

    record EntryLimitReached(int most) implements Submission {}

    /// `first` is there where the artist may see it.
    record DuplicateFile(@Nullable Song first) implements Submission {}

    record SubmissionsClosed() implements Submission {}

    record AlreadyApproved() implements Submission {}

    record AlreadyWithdrawn() implements Submission {}

    /// The song, or the handler is left with the reason why not.
    default Song orRaise() {
        return switch (this) {
            case Taken taken -> taken.song();
            case EntryLimitReached(int most) ->
                throw refused(
                        "entry_limit_reached",
                        most == 1
                                ? "You have entered a song already: each artist may enter one."
                                : "You have entered %d songs already: no artist may enter more.".formatted(most));
            case DuplicateFile(var first) ->
                throw refused(
                        "duplicate_file",
                        first == null
                                ? "This very file is in the contest already."
                                : "This very file is in the contest already: “%s” by %s, /songs/%d."
                                        .formatted(
                                                first.title(),
                                                first.artistName(),
                                                first.id().value()));
            case SubmissionsClosed _ -> throw refused("submissions_closed", "This contest takes no songs now.");
            case AlreadyApproved _ ->
                throw refused("already_approved", "The song is approved: it can be withdrawn, but not changed.");
            case AlreadyWithdrawn _ -> throw refused("already_withdrawn", "The song was withdrawn.");
        };
    }

    private static Problem.Raised refused(String code, String detail) {
        return Problem.of(HttpStatus.CONFLICT, code, detail).raised();
    }
}
