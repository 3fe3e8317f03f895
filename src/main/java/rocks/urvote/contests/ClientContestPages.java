package rocks.urvote.contests;

import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import rocks.urvote.clients.Client;
import rocks.urvote.clients.Clients;
import rocks.urvote.clients.Members;
import rocks.urvote.contests.ContestViews.View;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Checks;
import rocks.urvote.web.Form;
import rocks.urvote.web.Page;
import rocks.urvote.web.Problem;

/// A client's contests, for those who come to see them and for those who keep them.
@RestController
class ClientContestPages {

    private final StoredContests contests;
    private final Clients clients;
    private final Members members;
    private final TimeZones timeZones;
    private final AddContest addContest;
    private final ChangeContest changeContest;
    private final ContestViews views;
    private final Transactions transactions;

    ClientContestPages(
            StoredContests contests,
            Clients clients,
            Members members,
            TimeZones timeZones,
            AddContest addContest,
            ChangeContest changeContest,
            ContestViews views,
            Transactions transactions) {
        this.contests = contests;
        this.clients = clients;
        this.members = members;
        this.timeZones = timeZones;
        this.addContest = addContest;
        this.changeContest = changeContest;
        this.views = views;
        this.transactions = transactions;
    }

    /// A contest and what is counted in it.
    public record Counted(Contest contest, View view) {

        public long id() {
            return contest.id().value();
        }

        /// `41 songs · 9,870 votes`, as far as it is known.
        public String counts() {
            var words = new StringJoiner(" · ");
            if (view.songCount() != null) {
                words.add(view.songCount() == 1 ? "1 song" : "%,d songs".formatted(view.songCount()));
            }
            if (view.voteCount() != null) {
                words.add(view.voteCount() == 1 ? "1 vote" : "%,d votes".formatted(view.voteCount()));
            }
            return words.toString();
        }
    }

    public record ClientHome(Client client, List<Counted> contests, boolean member) implements Page {}

    public record ContestTable(Client client, List<Counted> contests, boolean owner) implements Page {}

    public record NewContest(Client client, Form form, List<String> timeZones) implements Page {}

    public record EditContest(Client client, Contest contest, Form form, List<String> timeZones) implements Page {}

    @GetMapping("/clients/{slug}")
    ClientHome home(Optional<Caller> caller, @PathVariable String slug) {
        var client = known(slug);
        var member = caller.filter(who ->
                        who.admin() || members.roleOf(who.user(), client.id()).isPresent())
                .isPresent();
        return new ClientHome(client, contestsOf(client, caller), member);
    }

    @GetMapping("/clients/{slug}/manage/contests")
    ContestTable table(Caller caller, @PathVariable String slug) {
        var client = known(slug);
        members.member(caller, client.id());
        return new ContestTable(client, contestsOf(client, Optional.of(caller)), owns(caller, client));
    }

    @GetMapping("/clients/{slug}/contests/new")
    NewContest blank(Caller caller, @PathVariable String slug) {
        var client = known(slug);
        members.owner(caller, client.id());
        return new NewContest(client, ContestForm.blank().form(), timeZones("UTC"));
    }

    @PostMapping("/clients/{slug}/contests/new")
    ResponseEntity<Page> add(
            Caller caller, @PathVariable String slug, @RequestParam MultiValueMap<String, String> typed) {
        var client = known(slug);
        members.owner(caller, client.id());
        var form = new ContestForm(Form.of(typed.toSingleValueMap()));
        return tried(
                () -> {
                    var contest = addContest.add(caller, client.id(), checked(form, null));
                    return Page.redirect("/contests/" + contest.id().value(), "Here is your contest.");
                },
                problem -> new NewContest(
                        client,
                        form.refused(problem).form(),
                        timeZones(form.form().value("time_zone"))));
    }

    @GetMapping("/contests/{id}/edit")
    EditContest edit(Caller caller, @PathVariable ContestId id) {
        var contest = owned(caller, id);
        return new EditContest(
                owner(contest),
                contest,
                ContestForm.of(contest).form(),
                timeZones(contest.settings().timeZone().getId()));
    }

    @PostMapping("/contests/{id}/edit")
    ResponseEntity<Page> change(
            Caller caller, @PathVariable ContestId id, @RequestParam MultiValueMap<String, String> typed) {
        var contest = owned(caller, id);
        var form = new ContestForm(Form.of(typed.toSingleValueMap()));
        return tried(
                () -> {
                    var details = checked(form, contest);
                    changeContest.change(caller, contest, _ -> details);
                    return Page.redirect("/contests/%d/edit".formatted(id.value()), "Saved.");
                },
                problem -> new EditContest(
                        owner(contest),
                        contest,
                        form.refused(problem).form(),
                        timeZones(contest.settings().timeZone().getId())));
    }

    /// What a form says, when every field of it is as it should be.
    private ContestDetails checked(ContestForm form, @Nullable Contest before) {
        var checks = Checks.start();
        var details = form.details(checks, timeZones::know, before);
        details.checked(checks, timeZones::know);
        checks.orRaise();
        return details;
    }

    private List<Counted> contestsOf(Client client, Optional<Caller> caller) {
        var all = transactions.as(members.acting(caller, client.id()), () -> contests.ofClient(client.id()));
        var seen = views.of(all, caller);
        return IntStream.range(0, all.size())
                .mapToObj(i -> new Counted(all.get(i), seen.get(i)))
                .toList();
    }

    private Contest owned(Caller caller, ContestId id) {
        var contest = contests.seenBy(Optional.of(caller), id);
        members.owner(caller, contest.client());
        return contest;
    }

    private boolean owns(Caller caller, Client client) {
        return caller.admin()
                || members.roleOf(caller.user(), client.id())
                        .filter(Members.Role.OWNER::equals)
                        .isPresent();
    }

    private Client known(String slug) {
        return clients.withSlug(slug).orElseThrow(() -> Problem.notFound().raised());
    }

    private Client owner(Contest contest) {
        return clients.find(contest.client()).orElseThrow();
    }

    /// Those of places, and the one that is chosen already.
    private List<String> timeZones(String chosen) {
        return timeZones.all().stream()
                .filter(name ->
                        name.equals(chosen) || name.equals("UTC") || (name.contains("/") && !name.startsWith("Etc/")))
                .toList();
    }

    private interface Again {
        Page form(Problem problem);
    }

    /// Where the work is refused, its form comes again with what was typed and why.
    private static ResponseEntity<Page> tried(Supplier<ResponseEntity<Page>> work, Again again) {
        try {
            return work.get();
        } catch (Problem.Raised raised) {
            var problem = raised.problem();
            if (problem.status() != HttpStatus.UNPROCESSABLE_CONTENT && problem.status() != HttpStatus.CONFLICT) {
                throw raised;
            }
            return again.form(problem).with(problem.status());
        }
    }
}
