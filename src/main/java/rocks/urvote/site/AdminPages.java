package rocks.urvote.site;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import rocks.urvote.identity.WaitingMails;
import rocks.urvote.operations.SettingsInForce;
import rocks.urvote.web.AdminPart;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Page;

/// Where an admin begins, and what several modules know together.
@RestController
class AdminPages {

    private final SettingsInForce settings;
    private final WaitingMails mails;
    private final WaitingFacts facts;

    AdminPages(SettingsInForce settings, WaitingMails mails, WaitingFacts facts) {
        this.settings = settings;
        this.mails = mails;
        this.facts = facts;
    }

    public record AdminOverview(List<AdminPart> parts) implements Page {}

    @GetMapping("/admin")
    AdminOverview overview(Caller caller) {
        caller.mustBeAdmin();
        return new AdminOverview(Arrays.stream(AdminPart.values())
                .filter(part -> part != AdminPart.OVERVIEW)
                .toList());
    }

    public record SettingList(List<SettingsInForce.Line> settings) implements Page {}

    @GetMapping("/admin/settings")
    SettingList settings(Caller caller) {
        caller.mustBeAdmin();
        return new SettingList(settings.lines());
    }

    public record MailList(List<WaitingMails.Waiting> mails, List<Fact> facts) implements Page {

        public record Fact(String listener, String fact, Instant since, int tries) {}
    }

    @GetMapping("/admin/mails")
    MailList mails(Caller caller) {
        caller.mustBeAdmin();
        return new MailList(
                mails.waiting(),
                facts.facts().stream()
                        .map(fact -> new MailList.Fact(fact.listener(), fact.fact(), fact.since(), fact.tries()))
                        .toList());
    }

    @PostMapping("/admin/mails")
    ResponseEntity<Page> retry(Caller caller) {
        var retried = facts.retry(caller);
        return Page.redirect(
                "/admin/mails", "Trying %d mails and %d facts again.".formatted(retried.mails(), retried.facts()));
    }
}
