package rocks.urvote.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// Sends each request that has a [Shortcut] along it. Stands behind the security chain, whose order is -100, and before
/// everything that belongs to MVC.
@Component
@Order(-90)
final class Shortcuts extends OncePerRequestFilter {

    private final List<Shortcut> shortcuts;
    private final ErrorHandling errors;

    Shortcuts(List<Shortcut> shortcuts, ErrorHandling errors) {
        this.shortcuts = List.copyOf(shortcuts);
        this.errors = errors;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        for (var shortcut : shortcuts) {
            if (shortcut.isFor(request)) {
                answer(shortcut, request, response);
                return;
            }
        }
        chain.doFilter(request, response);
    }

    private void answer(Shortcut shortcut, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        try {
            shortcut.answer(Shells.caller(), request, response);
        } catch (Problem.Raised raised) {
            errors.problem(raised, request, response);
        } catch (RuntimeException failure) {
            errors.anything(failure, request, response);
        }
    }
}
