package rocks.urvote.web;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.request.async.WebAsyncManagerIntegrationFilter;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.CompositeFilter;

/// Sends each request that has a [Shortcut] along it. Stands right behind the [Gatekeeper], and takes the request
/// through the very filters of the security chain; what is left out is what surrounds them, the firewall above all,
/// which looks for addresses that mean another than they say: a shortcut's is letter by letter the one that is meant.
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
final class Shortcuts implements Filter {

    private final List<Shortcut> shortcuts;
    private final CompositeFilter security = new CompositeFilter();
    private final ErrorHandling errors;

    Shortcuts(List<Shortcut> shortcuts, SecurityFilterChain security, ErrorHandling errors) {
        this.shortcuts = List.copyOf(shortcuts);
        // What is answered here is answered by the thread that came.
        this.security.setFilters(security.getFilters().stream()
                .filter(filter -> !(filter instanceof WebAsyncManagerIntegrationFilter))
                .toList());
        this.errors = errors;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        for (var shortcut : shortcuts) {
            var answer = shortcut.to((HttpServletRequest) request);
            if (answer.isPresent()) {
                security.doFilter(
                        request,
                        response,
                        (it, its) -> give(answer.get(), (HttpServletRequest) it, (HttpServletResponse) its));
                return;
            }
        }
        chain.doFilter(request, response);
    }

    private void give(Shortcut.Answer answer, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        try {
            answer.give(Shells.caller(), request, response);
        } catch (Problem.Raised raised) {
            errors.problem(raised, request, response);
        } catch (RuntimeException failure) {
            errors.anything(failure, request, response);
        }
    }
}
