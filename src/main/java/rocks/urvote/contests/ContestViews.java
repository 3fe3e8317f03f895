package rocks.urvote.contests;

import static java.util.stream.Collectors.toMap;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import rocks.urvote.clients.Client;
import rocks.urvote.clients.Clients;
import rocks.urvote.contests.ContestCounts.Counted;
import rocks.urvote.web.Caller;

/// Contests as the outside sees them, with their client and what others count in them.
@Component
class ContestViews {

    @Schema(name = "ClientOfContest")
    record Owner(String slug, String name) {}

    @Schema(name = "Contest")
    record View(
            ContestId id,
            Owner client,
            String name,
            @Nullable String description,
            Instant startDate,
            Instant endDate,
            boolean isActive,
            int maxEntriesPerUser,
            boolean votingEnabled,
            @Nullable String rules,
            List<String> prizes,
            ContestSettings settings,
            Contest.State state,
            boolean takesVotes,
            boolean takesSubmissions,
            @Nullable Long songCount,
            @Nullable Long voteCount) {}

    private final Clients clients;
    private final ObjectProvider<ContestCounts> counters;

    ContestViews(Clients clients, ObjectProvider<ContestCounts> counters) {
        this.clients = clients;
        this.counters = counters;
    }

    View of(Contest contest, Optional<Caller> caller) {
        return of(List.of(contest), caller).getFirst();
    }

    List<View> of(List<Contest> contests, Optional<Caller> caller) {
        var owners =
                clients.find(contests.stream().map(Contest::client).distinct().toList());
        var counts = counts(contests, caller);
        return contests.stream()
                .map(contest -> view(contest, owners.get(contest.client()), counts))
                .toList();
    }

    private Map<Counted, Map<ContestId, Long>> counts(Collection<Contest> contests, Optional<Caller> caller) {
        return counters.stream()
                .collect(toMap(
                        ContestCounts::counted,
                        counter -> counter.in(contests, caller),
                        (one, _) -> one,
                        () -> new EnumMap<>(Counted.class)));
    }

    private static View view(Contest contest, @Nullable Client owner, Map<Counted, Map<ContestId, Long>> counts) {
        if (owner == null) {
            throw new IllegalStateException("Contest %d has a client that is not there"
                    .formatted(contest.id().value()));
        }
        return new View(
                contest.id(),
                new Owner(owner.slug(), owner.name()),
                contest.name(),
                contest.description(),
                contest.startDate(),
                contest.endDate(),
                contest.isActive(),
                contest.maxEntriesPerUser(),
                contest.votingEnabled(),
                contest.rules(),
                contest.prizes(),
                contest.settings(),
                contest.state(),
                contest.takesVotes(),
                contest.takesSubmissions(),
                counts.getOrDefault(Counted.SONGS, Map.of()).get(contest.id()),
                counts.getOrDefault(Counted.VOTES, Map.of()).get(contest.id()));
    }
}
