package rocks.urvote.identity;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Form;
import rocks.urvote.web.Page;
import rocks.urvote.web.Problem;
import rocks.urvote.web.Window;

/// Everybody's accounts, for admins.
@RestController
class UserPages {

    private final Transactions transactions;
    private final Users users;
    private final Sessions sessions;
    private final SecondFactors factors;
    private final ManageUsers manageUsers;

    UserPages(
            Transactions transactions, Users users, Sessions sessions, SecondFactors factors, ManageUsers manageUsers) {
        this.transactions = transactions;
        this.users = users;
        this.sessions = sessions;
        this.factors = factors;
        this.manageUsers = manageUsers;
    }

    /// One account in a list, or by itself.
    public record Person(
            long id,
            String username,
            String email,
            boolean verified,
            boolean active,
            boolean admin,
            Instant since,
            @Nullable Instant lastLogin) {

        static Person of(User user) {
            return new Person(
                    user.id().value(),
                    user.username(),
                    user.email().value(),
                    user.emailVerified(),
                    user.isActive(),
                    user.isAdmin(),
                    user.createdAt(),
                    user.lastLogin());
        }
    }

    public record UserList(
            String text,
            String state,
            List<Person> people,
            @Nullable String nextCursor) implements Page {}

    @GetMapping("/admin/users")
    UserList users(
            Caller caller,
            @RequestParam(name = "q", required = false) @Nullable String text,
            @RequestParam(name = "state", required = false) @Nullable String state,
            Window window) {
        caller.mustBeAdmin();
        var search = UserSearch.of(text, state);
        var found = transactions.as(caller.acting(), () -> users.search(search, window));
        return new UserList(
                search.text(),
                search.state().name().toLowerCase(Locale.ROOT),
                found.items().stream().map(Person::of).toList(),
                found.nextCursor());
    }

    public record OneUser(Person person, boolean you, List<Place> places, boolean twoFactor, Form form)
            implements Page {

        public record Place(String browser, String country, Instant since, Instant lastSeen) {}
    }

    @GetMapping("/admin/users/{user}")
    OneUser user(Caller caller, @PathVariable UserId user) {
        caller.mustBeAdmin();
        return user(caller, user, Form.BLANK);
    }

    @PostMapping("/admin/users/{user}")
    ResponseEntity<Page> act(
            Caller caller,
            @PathVariable UserId user,
            @RequestParam(name = "act", required = false) @Nullable String act,
            @RequestParam(name = "reason", required = false) @Nullable String reason) {
        caller.mustBeAdmin();
        try {
            manageUsers.act(caller, user, new ManageUsers.Wanted(act, reason));
            var self = user.equals(caller.user());
            return Page.redirect(self ? "/admin" : "/admin/users/" + user.value(), "Done, and written down.");
        } catch (Problem.Raised no) {
            var problem = no.problem();
            if (problem.status() != HttpStatus.UNPROCESSABLE_CONTENT && problem.status() != HttpStatus.CONFLICT) {
                throw no;
            }
            var typed = Map.of(
                    "act", Objects.requireNonNullElse(act, ""), "reason", Objects.requireNonNullElse(reason, ""));
            return user(caller, user, Form.of(typed).refused(problem)).with(problem.status());
        }
    }

    private OneUser user(Caller caller, UserId user, Form form) {
        var found = transactions
                .as(caller.acting(), () -> users.find(user))
                .orElseThrow(() -> Problem.notFound().raised());
        var places = transactions.as(Acting.SIGN_IN, () -> sessions.places(user)).stream()
                .map(place -> new OneUser.Place(
                        Browser.named(place.userAgent()),
                        Browser.country(place.countryCode()),
                        place.startedAt(),
                        place.lastSeen()))
                .toList();
        var twoFactor = transactions.as(caller.acting(), () -> !factors.of(user).isEmpty());
        return new OneUser(Person.of(found), user.equals(caller.user()), places, twoFactor, form);
    }
}
