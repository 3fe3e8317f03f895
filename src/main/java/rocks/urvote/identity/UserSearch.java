package rocks.urvote.identity;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.web.Checks;

/// Whom an admin looks for: by id, by a part of the user name or of the address, or by any spelling of a mailbox.
record UserSearch(String text, State state) {

    public enum State {
        ALL,
        LOCKED,
        UNVERIFIED,
        ADMIN
    }

    static UserSearch of(@Nullable String text, @Nullable String state) {
        var checks = Checks.start();
        var wanted = checks.optionalLine("q", text, 254).orElse("");
        var shown =
                state == null || state.isBlank() ? Optional.of(State.ALL) : checks.oneOf("state", state, State.class);
        checks.orRaise();
        return new UserSearch(wanted, shown.orElseThrow());
    }

    Optional<Long> id() {
        return text.matches("[1-9][0-9]{0,17}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    Optional<EmailAddress> address() {
        return EmailAddress.parse(text);
    }
}
