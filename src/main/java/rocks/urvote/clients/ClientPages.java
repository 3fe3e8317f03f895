package rocks.urvote.clients;

import static java.util.stream.Collectors.joining;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.DigestUtils;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import rocks.urvote.clients.Client.Theme;
import rocks.urvote.clients.Members.Role;
import rocks.urvote.clients.StoredMembers.Member;
import rocks.urvote.identity.People;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Checks;
import rocks.urvote.web.Form;
import rocks.urvote.web.Page;
import rocks.urvote.web.Problem;
import rocks.urvote.web.Problem.FieldError;
import rocks.urvote.web.Window;

@RestController
class ClientPages {

    private final StoredClients clients;
    private final StoredMembers members;
    private final People people;
    private final AddClient addClient;
    private final ChangeClient changeClient;
    private final AppointMember appointMember;
    private final Transactions transactions;

    ClientPages(
            StoredClients clients,
            StoredMembers members,
            People people,
            AddClient addClient,
            ChangeClient changeClient,
            AppointMember appointMember,
            Transactions transactions) {
        this.clients = clients;
        this.members = members;
        this.people = people;
        this.addClient = addClient;
        this.changeClient = changeClient;
        this.appointMember = appointMember;
        this.transactions = transactions;
    }

    /// Every client, for admins.
    public record ClientList(List<Client> clients) implements Page {}

    public record NewClient(Form form) implements Page {}

    public record Branding(Client client, boolean admin, Form form) implements Page {}

    public record MemberList(Client client, boolean owner, List<Row> members, Form form) implements Page {

        public record Row(long user, String username, Role role, boolean you) {}
    }

    @GetMapping("/admin/clients")
    ClientList list(Caller caller) {
        caller.mustBeAdmin();
        return new ClientList(clients.all());
    }

    @GetMapping("/admin/clients/new")
    NewClient blank(Caller caller) {
        caller.mustBeAdmin();
        return new NewClient(Form.of(Map.of("brand", Theme.DEFAULT.brand(), "accent", Theme.DEFAULT.accent())));
    }

    @PostMapping("/admin/clients/new")
    ResponseEntity<Page> add(Caller caller, @RequestParam MultiValueMap<String, String> typed) {
        caller.mustBeAdmin();
        var form = form(typed);
        return tried(
                () -> {
                    var client = addClient.add(caller, details(form, null));
                    return Page.redirect("/clients/%s/manage/members".formatted(client.slug()), "Now name its owner.");
                },
                problem -> new NewClient(refused(form, problem)));
    }

    @GetMapping("/clients/{slug}/manage")
    Branding branding(Caller caller, @PathVariable String slug) {
        var client = ownedBy(caller, slug);
        return new Branding(client, caller.admin(), form(client));
    }

    @PostMapping("/clients/{slug}/manage")
    ResponseEntity<Page> change(
            Caller caller, @PathVariable String slug, @RequestParam MultiValueMap<String, String> typed) {
        var client = ownedBy(caller, slug);
        var form = form(typed);
        return tried(
                () -> {
                    var changed = changeClient.change(
                            caller, slug, _ -> details(form, caller.admin() ? null : client.slug()));
                    return Page.redirect("/clients/%s/manage".formatted(changed.slug()), "Saved.");
                },
                problem -> new Branding(client, caller.admin(), refused(form, problem)));
    }

    @GetMapping("/clients/{slug}/manage/members")
    MemberList members(Caller caller, @PathVariable String slug) {
        return members(caller, known(slug), Form.of(Map.of("role", "moderator")));
    }

    @PostMapping("/clients/{slug}/manage/members")
    ResponseEntity<Page> appoint(
            Caller caller, @PathVariable String slug, @RequestParam MultiValueMap<String, String> typed) {
        var client = ownedBy(caller, slug);
        var form = form(typed);
        return tried(
                () -> {
                    var checks = Checks.start();
                    var role = checks.oneOf("role", form.value("role"), Role.class);
                    var person = checks.email("email", form.value("email")).flatMap(people::withEmail);
                    if (person.isEmpty() && checks.errors().isEmpty()) {
                        checks.wrong("email", "belongs to no account here: they need to sign up first");
                    }
                    checks.orRaise();
                    appointMember.appoint(
                            caller, client.id(), person.orElseThrow().id(), role.orElseThrow());
                    return Page.redirect(
                            "/clients/%s/manage/members".formatted(slug),
                            "%s is a member now.".formatted(person.orElseThrow().username()));
                },
                problem -> members(caller, client, refused(form, problem)));
    }

    @PostMapping("/clients/{slug}/manage/members/{user}/role")
    ResponseEntity<Page> change(
            Caller caller, @PathVariable String slug, @PathVariable UserId user, @RequestParam String role) {
        var client = ownedBy(caller, slug);
        return tried(
                () -> {
                    var checks = Checks.start();
                    var wanted = checks.oneOf("role", role, Role.class);
                    checks.orRaise();
                    appointMember.appoint(caller, client.id(), user, wanted.orElseThrow());
                    return Page.redirect("/clients/%s/manage/members".formatted(slug), "Saved.");
                },
                problem -> members(caller, client, refused(Form.BLANK, problem)));
    }

    @PostMapping("/clients/{slug}/manage/members/{user}/removal")
    ResponseEntity<Page> remove(Caller caller, @PathVariable String slug, @PathVariable UserId user) {
        var client = ownedBy(caller, slug);
        return tried(
                () -> {
                    appointMember.remove(caller, client.id(), user);
                    var leaves = user.equals(caller.user()) && !caller.admin();
                    return Page.redirect(
                            leaves ? "/clients/" + slug : "/clients/%s/manage/members".formatted(slug),
                            "They are no member any more.");
                },
                problem -> members(caller, client, refused(Form.BLANK, problem)));
    }

    @GetMapping("/clients/{slug}/theme.css")
    ResponseEntity<byte[]> theme(@PathVariable String slug) {
        return css(":root { %s }\n".formatted(colours(known(slug).theme())));
    }

    /// The colours of all clients, for pages that show several: each below `[data-client="slug"]`.
    @GetMapping("/clients/themes.css")
    ResponseEntity<byte[]> themes() {
        return css(clients.all().stream()
                .map(client -> "[data-client=\"%s\"] { %s }\n".formatted(client.slug(), colours(client.theme())))
                .collect(joining()));
    }

    private static String colours(Theme theme) {
        var brand = Colour.parse(theme.brand()).orElse(new Colour(Theme.DEFAULT.brand()));
        var accent = Colour.parse(theme.accent()).orElse(new Colour(Theme.DEFAULT.accent()));
        return "--brand: %s; --brand-ink: %s; --accent: %s;"
                .formatted(brand.hex(), brand.ink().hex(), accent.hex());
    }

    private static ResponseEntity<byte[]> css(String text) {
        var body = text.getBytes(StandardCharsets.UTF_8);
        return ResponseEntity.ok()
                .contentType(new MediaType("text", "css", StandardCharsets.UTF_8))
                .cacheControl(CacheControl.noCache().cachePublic())
                .eTag(DigestUtils.md5DigestAsHex(body))
                .body(body);
    }

    private MemberList members(Caller caller, Client client, Form form) {
        var acting = members.member(caller, client.id());
        var all = transactions.as(acting, () -> members.of(client.id(), new Window(200, null)));
        var known = people.find(all.items().stream().map(Member::userId).toList());
        var rows = all.items().stream()
                .map(member -> {
                    var person = known.get(member.userId());
                    return new MemberList.Row(
                            member.userId().value(),
                            person == null ? "somebody who left" : person.username(),
                            member.role(),
                            member.userId().equals(caller.user()));
                })
                .toList();
        var owner = caller.admin()
                || members.roleOf(caller.user(), client.id())
                        .filter(Role.OWNER::equals)
                        .isPresent();
        return new MemberList(client, owner, rows, form);
    }

    private Client known(String slug) {
        return clients.withSlug(slug).orElseThrow(() -> Problem.notFound().raised());
    }

    private Client ownedBy(Caller caller, String slug) {
        var client = known(slug);
        members.owner(caller, client.id());
        return client;
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

    private static Form form(MultiValueMap<String, String> typed) {
        return Form.of(typed.toSingleValueMap());
    }

    private static Form form(Client client) {
        var values = new HashMap<String, @Nullable Object>();
        values.put("slug", client.slug());
        values.put("name", client.name());
        values.put("tagline", client.tagline());
        values.put("about", client.about());
        values.put("website_url", client.websiteUrl());
        values.put("contact_email", client.contactEmail());
        values.put("brand", client.theme().brand());
        values.put("accent", client.theme().accent());
        return Form.of(values);
    }

    /// A form says nothing by an empty field; the slug is the fixed one where there is one.
    private static ClientDetails details(Form form, @Nullable String fixedSlug) {
        var slug = fixedSlug != null ? fixedSlug : form.value("slug");
        return new ClientDetails(
                slug.isBlank() ? null : slug,
                form.value("name"),
                form.value("tagline"),
                form.value("about"),
                form.value("website_url"),
                form.value("contact_email"),
                new ClientDetails.Colours(form.value("brand"), form.value("accent")));
    }

    private static Form refused(Form form, Problem problem) {
        if (problem.code().equals("client_exists")) {
            return form.refused(Problem.invalid("name", "or short name belongs to another client already"));
        }
        var errors = problem.errors().stream()
                .map(error -> new FieldError(error.field().replace("theme.", ""), error.message()))
                .toList();
        return errors.isEmpty() ? form.refused(problem) : form.refused(Problem.invalid(errors));
    }
}
