package rocks.urvote.site;

import java.util.Arrays;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import rocks.urvote.web.AdminPart;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Page;

/// Where an admin begins.
@RestController
class AdminPages {

    public record AdminOverview(List<AdminPart> parts) implements Page {}

    @GetMapping("/admin")
    AdminOverview overview(Caller caller) {
        caller.mustBeAdmin();
        return new AdminOverview(Arrays.stream(AdminPart.values())
                .filter(part -> part != AdminPart.OVERVIEW)
                .toList());
    }
}
