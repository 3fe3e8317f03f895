package rocks.urvote.site;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;
import rocks.urvote.clients.Client;
import rocks.urvote.clients.Clients;
import rocks.urvote.clients.Members;
import rocks.urvote.contests.Contest;
import rocks.urvote.contests.ContestId;
import rocks.urvote.contests.Contests;
import rocks.urvote.leaderboards.Board;
import rocks.urvote.leaderboards.Leaderboards;
import rocks.urvote.songs.Shuffle;
import rocks.urvote.songs.Song;
import rocks.urvote.songs.Songs;
import rocks.urvote.votes.MyVotes;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Checks;
import rocks.urvote.web.Page;
import rocks.urvote.web.Slice;
import rocks.urvote.web.Window;

/// The page where people listen and vote.
@RestController
class ContestPages {

    private final Contests contests;
    private final Clients clients;
    private final Members members;
    private final Songs songs;
    private final Shuffle shuffle;
    private final MyVotes myVotes;
    private final Leaderboards leaderboards;

    ContestPages(
            Contests contests,
            Clients clients,
            Members members,
            Songs songs,
            Shuffle shuffle,
            MyVotes myVotes,
            Leaderboards leaderboards) {
        this.contests = contests;
        this.clients = clients;
        this.members = members;
        this.songs = songs;
        this.shuffle = shuffle;
        this.myVotes = myVotes;
        this.leaderboards = leaderboards;
    }

    public record ContestPage(
            Contest contest,
            Client client,
            Optional<Members.Role> role,
            Slice<Song> songs,
            List<String> genres,
            Filter filter,
            Optional<MyVotes.Today> today,
            Board leading,
            Optional<Caller> caller)
            implements Page {

        public record Filter(String sort, String genre, String text) {

            /// The address of the same songs from another place on.
            public String from(@Nullable String cursor) {
                return UriComponentsBuilder.fromPath("")
                        .queryParam("sort", "{sort}")
                        .queryParam("genre", "{genre}")
                        .queryParam("q", "{q}")
                        .queryParam("cursor", "{cursor}")
                        .encode()
                        .buildAndExpand(sort, genre, text, cursor)
                        .toUriString();
            }
        }

        public boolean mine(Song song) {
            return caller.map(Caller::user).filter(song.artist()::equals).isPresent();
        }

        public boolean votedFor(Song song) {
            return today.map(day -> day.votedFor().contains(song.id())).orElse(false);
        }
    }

    @GetMapping("/contests/{contest}")
    ContestPage contest(
            @PathVariable ContestId contest,
            Optional<Caller> caller,
            Window window,
            @RequestParam(name = "sort", defaultValue = "random") String sort,
            @RequestParam(name = "genre", defaultValue = "") String genre,
            @RequestParam(name = "q", defaultValue = "") String text,
            HttpServletRequest request,
            HttpServletResponse response) {
        var seen = contests.seenBy(caller, contest);
        var client = clients.find(seen.client()).orElseThrow();
        var board = leaderboards.of(seen, caller, 5);
        var checks = Checks.start();
        var wanted = checks.oneOf("sort", sort, Songs.Sort.class).orElse(Songs.Sort.RANDOM);
        var genreWanted = checks.optionalLine("genre", genre, 100).orElse(null);
        var textWanted = checks.optionalLine("q", text, 100).orElse(null);
        checks.orRaise();
        var search = new Songs.Search(
                wanted == Songs.Sort.VOTES && board.countsHidden() ? Songs.Sort.RANDOM : wanted,
                genreWanted,
                textWanted,
                shuffle.seed(caller, request, response));
        return new ContestPage(
                seen,
                client,
                caller.flatMap(person -> members.roleOf(person.user(), seen.client())),
                songs.approvedIn(caller, contest, search, window),
                songs.genresIn(contest),
                new ContestPage.Filter(search.sort().name().toLowerCase(Locale.ROOT), genre, text),
                caller.filter(person -> seen.takesVotes()).map(person -> myVotes.today(person.user(), contest)),
                board,
                caller);
    }
}
