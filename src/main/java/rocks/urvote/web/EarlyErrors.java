package rocks.urvote.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ActionCode;
import org.apache.tomcat.util.res.StringManager;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;
import tools.jackson.databind.json.JsonMapper;

/// Answers what goes wrong before any handler sees it - in the server, in the firewall of Spring Security, in a
/// filter - just as a handler's errors are answered.
@Configuration(proxyBeanMethods = false)
class EarlyErrors {

    /// As the firewall has them itself.
    private static final Pattern NO_CONTROLS = Pattern.compile("[\\p{IsAssigned}&&[^\\p{IsControl}]]*");
    private static final Pattern NO_CONTROLS_BUT_TABS = Pattern.compile("[\\p{IsAssigned}&&[[^\\p{IsControl}]||\\t]]*");

    /// Which methods an address knows is for the handlers to say: another one is 405, or 404 where there is nothing.
    @Bean
    HttpFirewall firewall() {
        var firewall = new StrictHttpFirewall();
        firewall.setUnsafeAllowAnyHttpMethod(true);
        firewall.setAllowedHeaderNames(
                name -> plain(name) || NO_CONTROLS.matcher(name).matches());
        firewall.setAllowedHeaderValues(
                value -> plain(value) || NO_CONTROLS_BUT_TABS.matcher(value).matches());
        return firewall;
    }

    /// Visible ASCII and blanks, as almost every header is: what the patterns take too, at a tenth of their cost.
    private static boolean plain(String text) {
        for (var at = 0; at < text.length(); at++) {
            var character = text.charAt(at);
            if (character < ' ' || character > '~') {
                return false;
            }
        }
        return true;
    }

    @Bean
    RequestRejectedHandler refusedByTheFirewall(Problems problems) {
        return (request, response, rejected) ->
                problems.write(request, response, ErrorHandling.of(HttpStatus.BAD_REQUEST));
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> terseServer(JsonMapper json) {
        return server -> server.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass("");
                host.getPipeline().addValve(new Report(json));
            }
        });
    }

    /// Instead of the server's own page, for requests that never become one.
    private static final class Report extends ErrorReportValve {

        private static final String TOO_LONG =
                StringManager.getManager("org.apache.coyote.http11").getString("iib.requestheadertoolarge.error");
        private static final String TOO_MANY = StringManager.getManager("org.apache.tomcat.util.http")
                .getString("headers.maxCountFail", "|")
                .replaceFirst("\\|.*", "");

        private final JsonMapper json;

        private Report(JsonMapper json) {
            this.json = json;
        }

        /// What a slow sender has not sent by then is not waited for.
        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            super.invoke(request, response);
            if (response.getStatus() == HttpStatus.REQUEST_TIMEOUT.value()) {
                request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
            }
        }

        /// The server has one status for whatever it cannot read, and says more in words only.
        private static boolean tooLong(Request request) {
            return request.getCoyoteRequest().getAttribute(RequestDispatcher.ERROR_EXCEPTION)
                            instanceof Throwable failure
                    && (TOO_LONG.equals(failure.getMessage())
                            || String.valueOf(failure.getMessage()).startsWith(TOO_MANY));
        }

        @Override
        protected void report(Request request, Response response, @Nullable Throwable failure) {
            if (response.getStatus() < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
                return;
            }
            if (tooLong(request)) {
                response.setStatus(
                        request.getCoyoteRequest().requestURI().isNull()
                                ? HttpStatus.URI_TOO_LONG.value()
                                : HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE.value());
            }
            var status = HttpStatus.resolve(response.getStatus());
            var problem = ErrorHandling.of(status == null ? HttpStatus.BAD_REQUEST : status);
            try {
                if (response.getHeader("X-Request-Id") == null) {
                    response.setHeader("X-Request-Id", UUID.randomUUID().toString());
                }
                var body = json.writeValueAsString(problem.body()).getBytes(StandardCharsets.UTF_8);
                response.setContentType("application/problem+json");
                response.setContentLength(body.length);
                response.getOutputStream().write(body);
                response.finishResponse();
            } catch (IOException | IllegalStateException e) {
                container.getLogger().debug("The reader of an error went away", e);
            }
        }
    }

    /// Where the server sends what a filter refused with nothing but a status.
    @Controller
    static final class Sent implements ErrorController {

        private final Problems problems;

        Sent(Problems problems) {
            this.problems = problems;
        }

        @RequestMapping("/error")
        void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
            var sent = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer status
                    ? HttpStatus.resolve(status)
                    : HttpStatus.NOT_FOUND;
            problems.write(request, response, ErrorHandling.of(sent == null ? HttpStatus.BAD_REQUEST : sent));
        }
    }
}
