package rocks.urvote.clients;

import java.time.Clock;
import java.util.Optional;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import rocks.urvote.clients.Client.Theme;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Checks;
import rocks.urvote.web.Problem;

@Component
class AddClient implements EnsureClient {

    private final StoredClients clients;
    private final StoredMembers members;
    private final Transactions transactions;
    private final Clock clock;
    private final ApplicationEventPublisher facts;

    AddClient(
            StoredClients clients,
            StoredMembers members,
            Transactions transactions,
            Clock clock,
            ApplicationEventPublisher facts) {
        this.clients = clients;
        this.members = members;
        this.transactions = transactions;
        this.clock = clock;
        this.facts = facts;
    }

    /// For admins only. A client named without a slug gets one from its name.
    Client add(Caller caller, ClientDetails details) {
        if (!caller.admin()) {
            throw Problem.forbidden().raised();
        }
        return transactions.as(caller.acting(), () -> {
            var checks = Checks.start();
            var brand = withSlug(details).checked(checks);
            checks.orRaise();
            return add(brand).orElseThrow(() -> exists().raised());
        });
    }

    @Override
    public Ensured ensure(String name) {
        return clients.named(name).map(known -> new Ensured(known, false)).orElseGet(() -> {
            var brand = new Brand(freeSlug(name).value(), name, null, null, null, null, Theme.DEFAULT);
            return new Ensured(add(brand).orElseThrow(() -> exists().raised()), true);
        });
    }

    @Override
    public Ensured ensure(Brand brand) {
        return clients.named(brand.name())
                .map(known -> new Ensured(known, false))
                .orElseGet(() -> new Ensured(add(brand).orElseThrow(() -> exists().raised()), true));
    }

    @Override
    public void ensureMember(ClientId client, UserId user, Members.Role role) {
        if (members.add(client, user, role, null)) {
            facts.publishEvent(new MemberAdded(client, user, role, clock.instant()));
        }
    }

    static Problem exists() {
        return Problem.of(HttpStatus.CONFLICT, "client_exists", "There is a client of this name or slug already.");
    }

    private Optional<Client> add(Brand brand) {
        return clients.add(brand).map(client -> {
            facts.publishEvent(new ClientAdded(client.id(), client.slug(), client.name(), clock.instant()));
            return client;
        });
    }

    private ClientDetails withSlug(ClientDetails given) {
        var name = Naming.name(Checks.start(), given.name());
        if (given.slug() != null || name.isEmpty()) {
            return given;
        }
        return new ClientDetails(
                freeSlug(name).value(),
                given.name(),
                given.tagline(),
                given.about(),
                given.websiteUrl(),
                given.contactEmail(),
                given.theme());
    }

    private Slug freeSlug(String name) {
        return Slug.of(name, slug -> clients.withSlug(slug.value()).isPresent());
    }
}
