package rocks.urvote.site;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import rocks.urvote.clients.Client;
import rocks.urvote.clients.Clients;
import rocks.urvote.contests.Contest;
import rocks.urvote.contests.Contest.State;
import rocks.urvote.contests.Contests;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.leaderboards.Board;
import rocks.urvote.leaderboards.Leaderboards;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Page;
import rocks.urvote.web.Window;

/// What a visitor sees first.
@RestController
class FrontPages {

    private final Clients clients;
    private final Contests contests;
    private final Leaderboards leaderboards;

    FrontPages(Clients clients, Contests contests, Leaderboards leaderboards) {
        this.clients = clients;
        this.contests = contests;
        this.leaderboards = leaderboards;
    }

    /// A contest on a card, with the covers of its first songs.
    public record ContestCard(Contest contest, Client client, Board board) {

        public List<Long> covers() {
            return board.entries().stream()
                    .limit(4)
                    .map(entry -> entry.songId().value())
                    .toList();
        }
    }

    public record Home(List<ContestCard> onStage, List<ClientCard> clients) implements Page {

        public record ClientCard(Client client, long openContests) {}
    }

    @GetMapping("/")
    Home home(Optional<Caller> caller) {
        var open = contests.open();
        Map<ClientId, Long> openByClient =
                open.stream().collect(Collectors.groupingBy(Contest::client, Collectors.counting()));
        return new Home(
                cards(open, caller),
                clients.all().stream()
                        .map(client -> new Home.ClientCard(client, openByClient.getOrDefault(client.id(), 0L)))
                        .toList());
    }

    public record ContestList(
            State shown,
            Map<State, Long> counts,
            List<ContestCard> contests,
            @Nullable String nextCursor) implements Page {}

    @GetMapping("/contests")
    ContestList contests(
            @RequestParam(name = "state", defaultValue = "open") String state, Window window, Optional<Caller> caller) {
        var shown = switch (state) {
            case "upcoming" -> State.UPCOMING;
            case "closed" -> State.CLOSED;
            default -> State.OPEN;
        };
        var listed = contests.in(shown, window);
        return new ContestList(shown, contests.countByState(), cards(listed.items(), caller), listed.nextCursor());
    }

    public record HowVotingWorks() implements Page {}

    @GetMapping("/how-voting-works")
    HowVotingWorks howVotingWorks() {
        return new HowVotingWorks();
    }

    private List<ContestCard> cards(List<Contest> shown, Optional<Caller> caller) {
        var owners = clients.find(shown.stream().map(Contest::client).distinct().toList());
        return shown.stream()
                .map(contest -> new ContestCard(
                        contest,
                        Optional.ofNullable(owners.get(contest.client())).orElseThrow(),
                        leaderboards.of(contest, caller, 200)))
                .toList();
    }
}
