package rocks.urvote.identity;

import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;
import rocks.urvote.web.Checks;
import rocks.urvote.web.MergePatch;
import rocks.urvote.web.Problem;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Changes what people may change about themselves.
@Component
class EditMyself {

    private static final int MOST_PROFILE_BYTES = 8 * 1024;

    private final Transactions transactions;
    private final Users users;
    private final MergePatch patches;
    private final JsonMapper json;
    private final ApplicationEventPublisher facts;
    private final Clock clock;

    EditMyself(
            Transactions transactions,
            Users users,
            MergePatch patches,
            JsonMapper json,
            ApplicationEventPublisher facts,
            Clock clock) {
        this.transactions = transactions;
        this.users = users;
        this.patches = patches;
        this.json = json;
        this.facts = facts;
        this.clock = clock;
    }

    @Schema(name = "UserDetails", requiredProperties = "username")
    public record Editable(
            @Nullable String username, @Nullable JsonNode profileData) {}

    User edit(UserId user, ObjectNode patch) {
        try {
            return transactions.as(Acting.user(user), () -> {
                var before = users.find(user)
                        .orElseThrow(() -> Problem.signInRequired().raised());
                var current = new Editable(before.username(), json.readTree(before.profileData()));
                var wanted = patches.apply(current, patch, Editable.class);
                var checks = Checks.start();
                var username = before.username().equals(wanted.username())
                        ? Optional.of(new Username(before.username()))
                        : Username.wanted(checks, "username", wanted.username());
                var profile = profile(checks, wanted.profileData());
                checks.orRaise();
                rename(before, username.orElseThrow(), profile);
                return users.find(user).orElseThrow();
            });
        } catch (DuplicateKeyException e) {
            throw SignUp.usernameTaken().raised();
        }
    }

    User rename(UserId user, @Nullable String username) {
        return edit(user, json.createObjectNode().put("username", username));
    }

    private void rename(User before, Username username, String profile) {
        var renamed = !before.username().equals(username.value());
        if (renamed) {
            users.lockNames();
        }
        users.edit(before.id(), username, profile);
        if (renamed) {
            facts.publishEvent(new UsernameChanged(before.id(), clock.instant()));
        }
    }

    private String profile(Checks checks, @Nullable JsonNode profile) {
        if (profile == null || profile.isNull()) {
            return "{}";
        }
        if (!profile.isObject()) {
            checks.wrong("profile_data", "must be an object");
            return "{}";
        }
        if (!storable(profile)) {
            checks.wrong("profile_data", "must hold text without control characters, and numbers of ordinary size");
            return "{}";
        }
        var text = json.writeValueAsString(profile);
        if (text.getBytes(StandardCharsets.UTF_8).length > MOST_PROFILE_BYTES) {
            checks.wrong("profile_data", "must have at most %d bytes".formatted(MOST_PROFILE_BYTES));
        }
        return text;
    }

    /// Not everything JSON can say can be kept by the database.
    private static boolean storable(JsonNode node) {
        if (node.isString()) {
            return printable(node.stringValue());
        }
        if (node.isNumber()) {
            return Double.isFinite(node.doubleValue()) && node.asString().length() < 400;
        }
        return node.properties().stream().allMatch(property -> printable(property.getKey()))
                && node.valueStream().allMatch(EditMyself::storable);
    }

    private static boolean printable(String text) {
        return text.codePoints()
                .allMatch(point -> Character.getType(point) != Character.SURROGATE
                        && (!Character.isISOControl(point) || point == '\n' || point == '\t' || point == '\r'));
    }
}
