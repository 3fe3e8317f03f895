package rocks.urvote.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;

/// The two cookies a browser keeps its tokens in: `HttpOnly`, `SameSite=Lax`, and bound to the host under https.
public interface TokenCookies {

    Optional<String> access(HttpServletRequest request);

    Optional<String> refresh(HttpServletRequest request);

    void set(HttpServletResponse response, Tokens tokens);

    void clear(HttpServletResponse response);
}
