package rocks.urvote.web;

import gg.jte.TemplateEngine;
import gg.jte.output.Utf8ByteOutput;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Writes a problem in the form its reader understands: a page for a person, problem+json for a program.
@Component
final class Problems {

    private final TemplateEngine templates;
    private final Shells shells;
    private final JsonMapper json;

    Problems(TemplateEngine templates, Shells shells, JsonMapper json) {
        this.templates = templates;
        this.shells = shells;
        this.json = json;
    }

    /// The page of an error.
    public record Sorry(int status, String code, String detail) implements Page {}

    static boolean asPage(HttpServletRequest request) {
        var accept = request.getHeader(HttpHeaders.ACCEPT);
        return !request.getRequestURI().startsWith("/api/") && accept != null && accept.contains("text/html");
    }

    void write(HttpServletRequest request, HttpServletResponse response, Problem problem) throws IOException {
        response.setStatus(problem.status().value());
        var wait = problem.retryAfterSeconds();
        if (wait != null) {
            response.setHeader(HttpHeaders.RETRY_AFTER, wait);
        }
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        if (asPage(request)) {
            var page = new Sorry(problem.status().value(), problem.code(), problem.detail());
            var html = new Utf8ByteOutput();
            templates.render(page.template(), Map.of("page", page, "shell", shells.of(request, null)), html);
            response.setContentType("text/html;charset=UTF-8");
            response.setContentLength(html.getContentLength());
            html.writeTo(response.getOutputStream());
        } else {
            var body = json.writeValueAsString(problem.body()).getBytes(StandardCharsets.UTF_8);
            response.setContentType("application/problem+json");
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
        }
    }
}
