package rocks.urvote.site;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import rocks.urvote.identity.WaitingMails;
import rocks.urvote.operations.SettingsInForce;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Refuses;

@RestController
@RequestMapping("/api/v1/admin")
class AdminEndpoints {

    private final SettingsInForce settings;
    private final WaitingMails mails;
    private final WaitingFacts facts;

    AdminEndpoints(SettingsInForce settings, WaitingMails mails, WaitingFacts facts) {
        this.settings = settings;
        this.mails = mails;
        this.facts = facts;
    }

    @Schema(name = "Settings")
    public record InForce(List<SettingsInForce.Line> settings) {}

    @Schema(name = "Waiting")
    public record OnTheirWay(List<WaitingMails.Waiting> mails, List<WaitingFacts.WaitingFact> facts) {}

    @Schema(name = "Retried")
    public record Retried(int mails, int facts) {}

    @GetMapping("/settings")
    @Refuses({"403 forbidden"})
    InForce settings(Caller caller) {
        caller.mustBeAdmin();
        return new InForce(settings.lines());
    }

    @GetMapping("/mails")
    @Refuses({"403 forbidden"})
    OnTheirWay waitingMails(Caller caller) {
        caller.mustBeAdmin();
        return new OnTheirWay(mails.waiting(), facts.facts());
    }

    @PostMapping("/mails/retries")
    @Refuses({"403 forbidden"})
    Retried retryMails(Caller caller) {
        var retried = facts.retry(caller);
        return new Retried(retried.mails(), retried.facts());
    }
}
