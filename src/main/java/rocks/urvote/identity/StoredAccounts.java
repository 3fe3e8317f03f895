package rocks.urvote.identity;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;
import rocks.urvote.web.Checks;

@Component
class StoredAccounts implements Accounts {

    private final Transactions transactions;
    private final Users users;
    private final Sessions sessions;
    private final Passwords passwords;
    private final Returning returning;
    private final ApplicationEventPublisher facts;
    private final Clock clock;

    StoredAccounts(
            Transactions transactions,
            Users users,
            Sessions sessions,
            Passwords passwords,
            Returning returning,
            ApplicationEventPublisher facts,
            Clock clock) {
        this.transactions = transactions;
        this.users = users;
        this.sessions = sessions;
        this.passwords = passwords;
        this.returning = returning;
        this.facts = facts;
        this.clock = clock;
    }

    /// An account whose address nobody had proven is taken over; one with an owner keeps its password.
    @Override
    public UserId ensure(EmailAddress address, String username, String password, boolean admin) {
        return ensure(address, username, password, admin, false);
    }

    @Override
    public List<UserId> ensureMany(List<EmailAddress> addresses) {
        return transactions.as(Acting.SIGN_IN, () -> users.addMany(addresses));
    }

    /// For the person with a shell: the password given is the password from now on.
    UserId appoint(EmailAddress address, String username, String password) {
        return ensure(address, username, password, true, true);
    }

    private UserId ensure(
            EmailAddress address, String username, String password, boolean admin, boolean withThisPassword) {
        var checks = Checks.start();
        var name = Username.check(checks, "username", username);
        var secret = Password.wanted(checks, "password", password, address.value(), username);
        checks.orRaise();
        var hash = passwords.hash(secret.orElseThrow());
        return transactions.as(Acting.SIGN_IN, () -> {
            var returned = returning.proven(address, hash);
            var added = returned.isPresent()
                    ? Optional.<UserId>empty()
                    : users.add(address, name.orElseThrow(), hash, true);
            added.ifPresent(id -> facts.publishEvent(new AccountOpened(id, true, clock.instant())));
            var user = users.lockedInMailbox(address)
                    .orElseThrow(() -> SignUp.usernameTaken().raised());
            if (added.isEmpty() && (withThisPassword || !user.emailVerified())) {
                if (user.emailVerified()) {
                    users.setPassword(user.id(), hash);
                } else {
                    users.claim(user.id(), address, hash);
                }
                sessions.endAll(user.id(), Ending.PASSWORD_SET);
                facts.publishEvent(new PasswordSet(user.id(), clock.instant()));
            }
            if (admin && !user.isAdmin()) {
                users.setAdmin(user.id(), true);
                facts.publishEvent(new AdminAppointed(
                        user.id(),
                        ManageUsers.changed("is_admin", "false", "true"),
                        "By somebody with a shell on the machine",
                        clock.instant()));
            }
            return user.id();
        });
    }
}
