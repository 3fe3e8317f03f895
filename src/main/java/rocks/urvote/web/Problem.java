package rocks.urvote.web;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

/// A "no" as the outside sees it (RFC 9457): a status, a stable code, and a sentence for a person.
public record Problem(
        HttpStatus status,
        String code,
        String detail,
        List<FieldError> errors,
        @Nullable Duration retryAfter,
        Map<String, Object> more) {

    /// The name of a field as the caller wrote it, and the rule it breaks.
    public record FieldError(String field, String message) {}

    public Problem {
        errors = List.copyOf(errors);
        more = Map.copyOf(more);
    }

    public static Problem of(HttpStatus status, String code, String detail) {
        return new Problem(status, code, detail, List.of(), null, Map.of());
    }

    public static Problem notFound() {
        return of(HttpStatus.NOT_FOUND, "not_found", "There is nothing here.");
    }

    public static Problem forbidden() {
        return of(HttpStatus.FORBIDDEN, "forbidden", "You may see this, but not do that.");
    }

    public static Problem signInRequired() {
        return of(HttpStatus.UNAUTHORIZED, "sign_in_required", "Please sign in first.");
    }

    public static Problem emailNotVerified() {
        return of(
                HttpStatus.FORBIDDEN,
                "email_not_verified",
                "Please verify your e-mail address first: follow the link in the mail we sent you.");
    }

    public static Problem malformed(String detail) {
        return of(HttpStatus.BAD_REQUEST, "malformed", detail);
    }

    public static Problem invalid(List<FieldError> errors) {
        var detail = errors.size() == 1
                ? "%s %s."
                        .formatted(errors.getFirst().field(), errors.getFirst().message())
                : "%d fields are not as they should be.".formatted(errors.size());
        return new Problem(HttpStatus.UNPROCESSABLE_CONTENT, "invalid", detail, errors, null, Map.of());
    }

    public static Problem invalid(String field, String message) {
        return invalid(List.of(new FieldError(field, message)));
    }

    public static Problem rateLimited(Duration wait) {
        return of(HttpStatus.TOO_MANY_REQUESTS, "rate_limited", "Too many requests: please wait a moment.")
                .retryAfter(wait);
    }

    public static Problem busy(Duration wait) {
        return of(HttpStatus.SERVICE_UNAVAILABLE, "busy", "UrVote is busy: please try again in a moment.")
                .retryAfter(wait);
    }

    public Problem retryAfter(Duration wait) {
        return new Problem(status, code, detail, errors, wait, more);
    }

    /// With members of its own for programs, as RFC 9457 lets one have.
    public Problem with(Map<String, Object> members) {
        return new Problem(status, code, detail, errors, retryAfter, members);
    }

    /// Whole seconds, at least one.
    public @Nullable String retryAfterSeconds() {
        return retryAfter == null
                ? null
                : Long.toString(Math.max(1, retryAfter.plusMillis(999).toSeconds()));
    }

    public ProblemDetail body() {
        var body = ProblemDetail.forStatusAndDetail(status, detail);
        body.setType(URI.create("urn:urvote:problem:" + code));
        body.setTitle(status.getReasonPhrase());
        body.setProperty("code", code);
        if (!errors.isEmpty()) {
            body.setProperty("errors", errors);
        }
        more.forEach(body::setProperty);
        return body;
    }

    public ResponseEntity<ProblemDetail> answer() {
        var answer = ResponseEntity.status(status).contentType(MediaType.APPLICATION_PROBLEM_JSON);
        var wait = retryAfterSeconds();
        if (wait != null) {
            answer.header("Retry-After", wait);
        }
        return answer.body(body());
    }

    /// To leave a handler with this answer.
    public Raised raised() {
        return new Raised(this);
    }

    /// Carries a problem out of a handler; it is an answer, not a failure, so it has no stack trace.
    public static final class Raised extends RuntimeException {

        private final transient Problem problem;

        private Raised(Problem problem) {
            super(problem.detail(), null, false, false);
            this.problem = problem;
        }

        public Problem problem() {
            return problem;
        }
    }
}
