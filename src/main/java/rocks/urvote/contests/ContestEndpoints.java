package rocks.urvote.contests;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import rocks.urvote.clients.Clients;
import rocks.urvote.contests.ContestViews.View;
import rocks.urvote.contests.StoredContests.Search;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Checks;
import rocks.urvote.web.MergePatch;
import rocks.urvote.web.Problem;
import rocks.urvote.web.Refuses;
import rocks.urvote.web.Slice;
import rocks.urvote.web.Window;
import tools.jackson.databind.node.ObjectNode;

@RestController
@RequestMapping("/api/v1")
class ContestEndpoints {

    private final StoredContests contests;
    private final Clients clients;
    private final AddContest addContest;
    private final ChangeContest changeContest;
    private final ContestViews views;
    private final MergePatch merge;
    private final Transactions transactions;

    ContestEndpoints(
            StoredContests contests,
            Clients clients,
            AddContest addContest,
            ChangeContest changeContest,
            ContestViews views,
            MergePatch merge,
            Transactions transactions) {
        this.contests = contests;
        this.clients = clients;
        this.addContest = addContest;
        this.changeContest = changeContest;
        this.views = views;
        this.merge = merge;
        this.transactions = transactions;
    }

    /// All but drafts; to members also the drafts of their own clients, to admins everything.
    @GetMapping("/contests")
    Slice<View> contests(
            Optional<Caller> caller,
            @RequestParam @Nullable String client,
            @Parameter(schema = @Schema(implementation = Contest.State.class)) @RequestParam @Nullable String state,
            Window window) {
        var checks = Checks.start();
        var wanted =
                state == null ? Optional.<Contest.State>empty() : checks.oneOf("state", state, Contest.State.class);
        checks.orRaise();
        var of = Optional.ofNullable(client).flatMap(clients::withSlug);
        if (client != null && of.isEmpty()) {
            return new Slice<>(List.of(), null);
        }
        var search = new Search(of.map(known -> known.id()).orElse(null), wanted.orElse(null));
        var acting = caller.map(Caller::acting).orElse(Acting.VISITOR);
        var found = transactions.as(acting, () -> contests.list(search, window));
        return new Slice<>(views.of(found.items(), caller), found.nextCursor());
    }

    @GetMapping("/contests/{contest}")
    View contest(Optional<Caller> caller, @PathVariable ContestId contest) {
        return views.of(contests.seenBy(caller, contest), caller);
    }

    @PostMapping("/clients/{slug}/contests")
    @Refuses({"403 forbidden", "409 contest_exists"})
    ResponseEntity<View> addContest(Caller caller, @PathVariable String slug, @RequestBody ContestDetails details) {
        var client = clients.withSlug(slug).orElseThrow(() -> Problem.notFound().raised());
        var contest = addContest.add(caller, client.id(), details);
        return ResponseEntity.created(
                        URI.create("/api/v1/contests/" + contest.id().value()))
                .body(views.of(contest, Optional.of(caller)));
    }

    @PatchMapping("/contests/{contest}")
    @Refuses({"403 forbidden", "409 contest_exists", "409 contest_has_begun"})
    View changeContest(
            Caller caller,
            @PathVariable ContestId contest,
            @Schema(implementation = ContestDetails.class) @RequestBody ObjectNode patch) {
        var seen = contests.seenBy(Optional.of(caller), contest);
        var changed = changeContest.change(caller, seen, details -> merge.apply(details, patch, ContestDetails.class));
        return views.of(changed, Optional.of(caller));
    }
}
