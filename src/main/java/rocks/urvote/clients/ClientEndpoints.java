package rocks.urvote.clients;

import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import rocks.urvote.clients.Members.Role;
import rocks.urvote.clients.StoredMembers.Member;
import rocks.urvote.identity.People;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Checks;
import rocks.urvote.web.MergePatch;
import rocks.urvote.web.Problem;
import rocks.urvote.web.Refuses;
import rocks.urvote.web.Slice;
import rocks.urvote.web.Window;
import tools.jackson.databind.node.ObjectNode;

@RestController
@RequestMapping("/api/v1/clients")
class ClientEndpoints {

    record Appointment(@Nullable String role) {}

    /// A member with the name people know; it is missing for an account that is gone.
    @Schema(name = "Member")
    record NamedMember(UserId userId, @Nullable String username, Role role, Instant addedAt) {}

    private final StoredClients clients;
    private final StoredMembers members;
    private final People people;
    private final AddClient addClient;
    private final ChangeClient changeClient;
    private final AppointMember appointMember;
    private final MergePatch merge;
    private final Transactions transactions;

    ClientEndpoints(
            StoredClients clients,
            StoredMembers members,
            People people,
            AddClient addClient,
            ChangeClient changeClient,
            AppointMember appointMember,
            MergePatch merge,
            Transactions transactions) {
        this.clients = clients;
        this.members = members;
        this.people = people;
        this.addClient = addClient;
        this.changeClient = changeClient;
        this.appointMember = appointMember;
        this.merge = merge;
        this.transactions = transactions;
    }

    @GetMapping
    Slice<Client> clients(Window window) {
        return clients.list(window);
    }

    @GetMapping("/{slug}")
    Client client(@PathVariable String slug) {
        return known(slug);
    }

    @PostMapping
    @Refuses({"403 forbidden", "409 client_exists"})
    ResponseEntity<Client> addClient(Caller caller, @RequestBody ClientDetails details) {
        var client = addClient.add(caller, details);
        return ResponseEntity.created(URI.create("/api/v1/clients/" + client.slug()))
                .body(client);
    }

    @PatchMapping("/{slug}")
    @Refuses({"403 forbidden", "409 client_exists"})
    Client changeClient(
            Caller caller,
            @PathVariable String slug,
            @Schema(implementation = ClientDetails.class) @RequestBody ObjectNode patch) {
        return changeClient.change(caller, slug, details -> merge.apply(details, patch, ClientDetails.class));
    }

    @GetMapping("/{slug}/members")
    @Refuses({"403 forbidden"})
    Slice<NamedMember> members(Caller caller, @PathVariable String slug, Window window) {
        var client = known(slug).id();
        return named(transactions.as(members.member(caller, client), () -> members.of(client, window)));
    }

    @PutMapping("/{slug}/members/{user}")
    @Refuses({"403 forbidden", "409 last_owner"})
    NamedMember appointMember(
            Caller caller, @PathVariable String slug, @PathVariable UserId user, @RequestBody Appointment appointment) {
        var client = known(slug).id();
        members.owner(caller, client);
        var checks = Checks.start();
        var role = checks.oneOf("role", appointment.role(), Role.class).orElse(Role.MODERATOR);
        checks.orRaise();
        var member = appointMember.appoint(caller, client, user, role);
        return new NamedMember(
                user, people.find(user).map(People.Person::username).orElse(null), member.role(), member.addedAt());
    }

    @DeleteMapping("/{slug}/members/{user}")
    @Refuses({"403 forbidden", "409 last_owner"})
    ResponseEntity<Void> removeMember(Caller caller, @PathVariable String slug, @PathVariable UserId user) {
        appointMember.remove(caller, known(slug).id(), user);
        return ResponseEntity.noContent().build();
    }

    private Client known(String slug) {
        return clients.withSlug(slug).orElseThrow(() -> Problem.notFound().raised());
    }

    private Slice<NamedMember> named(Slice<Member> members) {
        var known = people.find(members.items().stream().map(Member::userId).toList());
        return members.map(member -> {
            var person = known.get(member.userId());
            return new NamedMember(
                    member.userId(), person == null ? null : person.username(), member.role(), member.addedAt());
        });
    }
}
