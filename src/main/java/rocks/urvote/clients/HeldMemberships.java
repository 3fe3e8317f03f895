package rocks.urvote.clients;

import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import rocks.urvote.clients.Members.Role;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.Holding;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;

/// At which clients people have a role. Nobody leaves a client without an owner.
@Component
@Order(10)
class HeldMemberships implements Holding {

    private final Transactions transactions;
    private final JdbcClient db;
    private final StoredClients clients;
    private final StoredMembers members;
    private final ApplicationEventPublisher facts;
    private final Clock clock;

    HeldMemberships(
            Transactions transactions,
            JdbcClient db,
            StoredClients clients,
            StoredMembers members,
            ApplicationEventPublisher facts,
            Clock clock) {
        this.transactions = transactions;
        this.db = db;
        this.clients = clients;
        this.members = members;
        this.facts = facts;
        this.clock = clock;
    }

    @Override
    public List<Part> parts() {
        return List.of(new Part("memberships", Acting.Role.USER, "0", """
            select client_id::text as key, row_to_json(held)::text as json
              from (select m.client_id, c.slug as client_slug, m.role, m.added_at
                      from client_members m
                      join clients c on c.id = m.client_id
                     where m.user_id = :person and m.client_id > cast(:after as bigint)
                     order by m.client_id
                     limit :rows) held
            """));
    }

    /// Of one client's members one change happens at a time, and clients are held in the order of their ids.
    @Override
    public Optional<Obstacle> release(UserId person) {
        return transactions.as(Acting.CHORE, () -> {
            var roles = roles(person);
            for (var held : roles) {
                if (held.role() == Role.OWNER && isLastOwner(person, held.client())) {
                    return Optional.of(new Obstacle(
                            "last_owner",
                            "You are the last owner of a client: make somebody else an owner of %s first."
                                    .formatted(clients.find(held.client())
                                            .orElseThrow()
                                            .name())));
                }
            }
            for (var held : roles) {
                members.remove(held.client(), person);
                facts.publishEvent(new MemberRemoved(held.client(), person, held.role(), clock.instant()));
            }
            return Optional.empty();
        });
    }

    private boolean isLastOwner(UserId person, ClientId client) {
        return transactions.as(Acting.owner(person, client), () -> {
            clients.lock(client);
            return !members.hasOwnerBeside(person, client);
        });
    }

    private record Held(ClientId client, Role role) {}

    private List<Held> roles(UserId person) {
        return db.sql("select client_id, role from client_members where user_id = :person order by client_id")
                .param("person", person)
                .query((row, _) -> new Held(
                        new ClientId(row.getLong("client_id")),
                        Role.valueOf(row.getString("role").toUpperCase(Locale.ROOT))))
                .list();
    }
}
