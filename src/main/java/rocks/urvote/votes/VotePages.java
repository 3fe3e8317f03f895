package rocks.urvote.votes;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import rocks.urvote.songs.SongId;
import rocks.urvote.songs.Songs;
import rocks.urvote.votes.StoredMyVotes.MyVote;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Page;
import rocks.urvote.web.Slice;
import rocks.urvote.web.Window;

/// Voting without scripts, and the list of one's own votes.
@RestController
class VotePages {

    private final VotingDesk desk;
    private final StoredMyVotes myVotes;
    private final Songs songs;

    VotePages(VotingDesk desk, StoredMyVotes myVotes, Songs songs) {
        this.desk = desk;
        this.myVotes = myVotes;
        this.songs = songs;
    }

    public record VoteList(Slice<MyVote> votes) implements Page {}

    @GetMapping("/me/votes")
    VoteList mine(Caller caller, Window window) {
        return new VoteList(myVotes.of(caller.user(), window));
    }

    @PostMapping("/songs/{song}/votes")
    ResponseEntity<Page> vote(@PathVariable SongId song, Optional<Caller> caller, HttpServletRequest http) {
        if (caller.isEmpty()) {
            return Page.redirect("/sign-in?next=/songs/" + song.value());
        }
        desk.limit(caller.get(), http);
        desk.voteOrRaise(caller.get(), song, http);
        return back(song, caller, "Your vote is in.");
    }

    @PostMapping("/songs/{song}/votes/withdrawal")
    ResponseEntity<Page> withdraw(@PathVariable SongId song, Caller caller) {
        desk.withdraw(caller, song);
        return back(song, Optional.of(caller), "Your vote is taken back.");
    }

    private ResponseEntity<Page> back(SongId song, Optional<Caller> caller, String notice) {
        var contest = songs.seenBy(caller, song).contest();
        return Page.redirect("/contests/%d#song-%d".formatted(contest.value(), song.value()), notice);
    }
}
