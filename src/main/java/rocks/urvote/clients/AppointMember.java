package rocks.urvote.clients;

import java.time.Clock;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import rocks.urvote.clients.Members.Role;
import rocks.urvote.clients.StoredMembers.Member;
import rocks.urvote.identity.People;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Problem;

/// Gives people roles at a client, and takes them away. Of one client's members one change happens at a time.
///
/// A role goes only to somebody who has shown that the address is theirs: an account can be opened for any address, so
/// until then it may be a stranger's.
@Component
class AppointMember {

    private final StoredClients clients;
    private final StoredMembers members;
    private final People people;
    private final Transactions transactions;
    private final Clock clock;
    private final ApplicationEventPublisher facts;

    AppointMember(
            StoredClients clients,
            StoredMembers members,
            People people,
            Transactions transactions,
            Clock clock,
            ApplicationEventPublisher facts) {
        this.clients = clients;
        this.members = members;
        this.people = people;
        this.transactions = transactions;
        this.clock = clock;
        this.facts = facts;
    }

    Member appoint(Caller caller, ClientId client, UserId user, Role role) {
        return transactions.as(members.owner(caller, client), () -> {
            clients.lock(client);
            members.owner(caller, client);
            var before = members.find(user, client);
            if (before.isEmpty()) {
                var person = people.find(user)
                        .filter(People.Person::active)
                        .orElseThrow(() -> Problem.notFound().raised());
                if (!person.verified()) {
                    throw Problem.invalid("email", "has not verified this address yet")
                            .raised();
                }
                members.add(client, user, role, caller.user());
                facts.publishEvent(new MemberAdded(client, user, role, clock.instant()));
            } else if (before.get().role() != role) {
                keepAnOwner(caller, before.get(), client);
                members.change(client, user, role);
                facts.publishEvent(new MemberChanged(client, user, before.get().role(), role, clock.instant()));
            }
            return members.find(user, client).orElseThrow();
        });
    }

    void remove(Caller caller, ClientId client, UserId user) {
        transactions.as(members.owner(caller, client), () -> {
            clients.lock(client);
            members.owner(caller, client);
            var member = members.find(user, client)
                    .orElseThrow(() -> Problem.notFound().raised());
            keepAnOwner(caller, member, client);
            members.remove(client, user);
            facts.publishEvent(new MemberRemoved(client, user, member.role(), clock.instant()));
        });
    }

    /// The last owner stays, unless an admin, who is owner everywhere, decides otherwise.
    private void keepAnOwner(Caller caller, Member member, ClientId client) {
        if (member.role() == Role.OWNER && !caller.admin() && !members.hasOwnerBeside(member.userId(), client)) {
            throw Problem.of(
                            HttpStatus.CONFLICT,
                            "last_owner",
                            "This is the client's last owner: make somebody else an owner first.")
                    .raised();
        }
    }
}
