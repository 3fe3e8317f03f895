package rocks.urvote.clients;

import java.time.Clock;
import java.util.function.UnaryOperator;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Difference;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Checks;
import rocks.urvote.web.Problem;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Component
class ChangeClient {

    private final StoredClients clients;
    private final Members members;
    private final Transactions transactions;
    private final JsonMapper json;
    private final Clock clock;
    private final ApplicationEventPublisher facts;

    ChangeClient(
            StoredClients clients,
            Members members,
            Transactions transactions,
            JsonMapper json,
            Clock clock,
            ApplicationEventPublisher facts) {
        this.clients = clients;
        this.members = members;
        this.transactions = transactions;
        this.json = json;
        this.clock = clock;
        this.facts = facts;
    }

    /// For owners; the slug, which every link in the world holds, is changed by admins only.
    Client change(Caller caller, String slug, UnaryOperator<ClientDetails> edit) {
        var known = clients.withSlug(slug).orElseThrow(() -> Problem.notFound().raised());
        return transactions.as(members.owner(caller, known.id()), () -> {
            var before = ClientDetails.of(clients.lock(known.id()));
            var checks = Checks.start();
            var brand = edit.apply(before).checked(checks);
            checks.orRaise();
            if (!brand.slug().equals(before.slug()) && !caller.admin()) {
                throw Problem.forbidden().raised();
            }
            var changes = Difference.between(tree(before), tree(ClientDetails.of(brand)));
            if (!changes.isEmpty()) {
                if (!clients.change(known.id(), brand)) {
                    throw AddClient.exists().raised();
                }
                facts.publishEvent(new ClientChanged(known.id(), changes, clock.instant()));
            }
            return clients.find(known.id()).orElseThrow();
        });
    }

    private ObjectNode tree(ClientDetails details) {
        return json.valueToTree(details);
    }
}
