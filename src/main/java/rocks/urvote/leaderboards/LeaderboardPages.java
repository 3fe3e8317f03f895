package rocks.urvote.leaderboards;

import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import rocks.urvote.clients.Client;
import rocks.urvote.clients.Clients;
import rocks.urvote.contests.Contest;
import rocks.urvote.contests.ContestId;
import rocks.urvote.contests.Contests;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Page;

@RestController
class LeaderboardPages {

    private final Contests contests;
    private final Clients clients;
    private final Leaderboards leaderboards;

    LeaderboardPages(Contests contests, Clients clients, Leaderboards leaderboards) {
        this.contests = contests;
        this.clients = clients;
        this.leaderboards = leaderboards;
    }

    public record LeaderboardPage(Contest contest, Client client, Board board) implements Page {

        /// The longest bar.
        public long mostVotes() {
            return board.entries().stream()
                    .mapToLong(entry -> entry.votes() == null ? 0 : entry.votes())
                    .max()
                    .orElse(0);
        }
    }

    @GetMapping("/contests/{contest}/leaderboard")
    LeaderboardPage leaderboard(@PathVariable ContestId contest, Optional<Caller> caller) {
        var seen = contests.seenBy(caller, contest);
        var client = clients.find(seen.client())
                .orElseThrow(() -> new IllegalStateException("%s has no client".formatted(seen)));
        return new LeaderboardPage(seen, client, leaderboards.of(seen, caller, 200));
    }
}

@Component
class ReaderBoards implements Leaderboards {

    private final Boards boards;

    ReaderBoards(Boards boards) {
        this.boards = boards;
    }

    @Override
    public Board of(Contest contest, Optional<Caller> reader, int most) {
        return boards.of(contest, boards.countsHiddenFrom(reader, contest)).first(most);
    }
}
