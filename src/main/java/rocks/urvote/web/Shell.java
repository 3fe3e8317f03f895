package rocks.urvote.web;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What surrounds every page: who looks at it, the proof for its forms, and a word about what was just done.
public record Shell(
        Optional<Caller> caller,
        @Nullable String csrf,
        String path,
        @Nullable String notice) {

    public boolean signedIn() {
        return caller.isPresent();
    }

    public boolean admin() {
        return caller.map(Caller::admin).orElse(false);
    }

    public String username() {
        return caller.map(Caller::username).orElse("");
    }
}
