package rocks.urvote.identity;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Problem;
import rocks.urvote.web.Refuses;
import rocks.urvote.web.Slice;
import rocks.urvote.web.Window;

/// Everybody's accounts, for admins.
@RestController
@RequestMapping("/api/v1/admin/users")
class UserEndpoints {

    private final Transactions transactions;
    private final Users users;
    private final ManageUsers manageUsers;

    UserEndpoints(Transactions transactions, Users users, ManageUsers manageUsers) {
        this.transactions = transactions;
        this.users = users;
        this.manageUsers = manageUsers;
    }

    /// A user as an admin sees them.
    @Schema(name = "ManagedUser")
    public record Managed(
            UserId id,
            EmailAddress email,
            String username,
            boolean emailVerified,
            boolean isActive,
            boolean isAdmin,
            Instant createdAt,
            @Nullable Instant lastLogin) {

        static Managed of(User user) {
            return new Managed(
                    user.id(),
                    user.email(),
                    user.username(),
                    user.emailVerified(),
                    user.isActive(),
                    user.isAdmin(),
                    user.createdAt(),
                    user.lastLogin());
        }
    }

    @GetMapping
    @Refuses({"403 forbidden"})
    Slice<Managed> users(
            Caller caller,
            @RequestParam(name = "q", required = false) @Nullable String text,
            @RequestParam(name = "state", required = false) @Nullable String state,
            Window window) {
        caller.mustBeAdmin();
        var search = UserSearch.of(text, state);
        return transactions
                .as(caller.acting(), () -> users.search(search, window))
                .map(Managed::of);
    }

    @GetMapping("/{user}")
    @Refuses({"403 forbidden"})
    Managed user(Caller caller, @PathVariable UserId user) {
        caller.mustBeAdmin();
        return transactions
                .as(caller.acting(), () -> users.find(user))
                .map(Managed::of)
                .orElseThrow(() -> Problem.notFound().raised());
    }

    @PostMapping("/{user}/acts")
    @Refuses({"403 forbidden", "409 last_admin", "409 mailbox_must_be_proven"})
    Managed actOnUser(Caller caller, @PathVariable UserId user, @RequestBody ManageUsers.Wanted wanted) {
        return Managed.of(manageUsers.act(caller, user, wanted));
    }
}
