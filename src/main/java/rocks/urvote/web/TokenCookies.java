package rocks.urvote.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Optional;

/// The cookies a browser keeps its tokens in: `HttpOnly`, `SameSite=Lax`, and bound to the host under https.
public interface TokenCookies {

    Optional<String> access(HttpServletRequest request);

    Optional<String> refresh(HttpServletRequest request);

    void set(HttpServletResponse response, Tokens tokens);

    void clear(HttpServletResponse response);

    /// Of a sign-in that waits for its second step.
    Optional<String> secondStep(HttpServletRequest request);

    void setSecondStep(HttpServletResponse response, String token, Duration age);

    void clearSecondStep(HttpServletResponse response);
}
