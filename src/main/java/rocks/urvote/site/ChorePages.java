package rocks.urvote.site;

import java.time.Duration;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import rocks.urvote.operations.ChoreBook;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Page;
import rocks.urvote.web.Problem;

/// The routine work that UrVote does by itself, for admins.
@RestController
class ChorePages {

    private final ChoreBook chores;

    ChorePages(ChoreBook chores) {
        this.chores = chores;
    }

    /// When each chore ran, what came of it, and when it runs next.
    public record ChoreList(List<ChoreBook.Entry> chores) implements Page {

        /// How many do not come to their end at present.
        public long failing() {
            return chores.stream().filter(chore -> chore.failures() > 0).count();
        }

        public static String status(ChoreBook.Outcome outcome) {
            return switch (outcome) {
                case RUNNING -> "Under way";
                case DONE -> "Done";
                case FAILED -> "Failed";
                case BROKEN_OFF -> "Broken off";
            };
        }

        /// The word for its colour.
        public static String tone(ChoreBook.Outcome outcome) {
            return switch (outcome) {
                case RUNNING -> "pending";
                case DONE -> "open";
                case FAILED, BROKEN_OFF -> "rejected";
            };
        }

        public static String took(Duration took) {
            if (took.toSeconds() < 60) {
                return "%.1f s".formatted(took.toMillis() / 1e3);
            }
            return took.toMinutes() < 60
                    ? "%d min %d s".formatted(took.toMinutes(), took.toSecondsPart())
                    : "%d h %d min".formatted(took.toHours(), took.toMinutesPart());
        }
    }

    @GetMapping("/admin/chores")
    ChoreList list(Caller caller) {
        caller.mustBeAdmin();
        return new ChoreList(chores.entries());
    }

    @PostMapping("/admin/chores")
    ResponseEntity<Page> run(Caller caller, @RequestParam(defaultValue = "") String chore) {
        caller.mustBeAdmin();
        return switch (chores.begin(chore, caller.acting())) {
            case BEGUN -> Page.redirect("/admin/chores", "Begun: %s.".formatted(chore));
            case UNDER_WAY -> Page.redirect("/admin/chores", "Under way already: %s.".formatted(chore));
            case UNKNOWN ->
                throw Problem.invalid("chore", "is none of those on the page").raised();
        };
    }
}
