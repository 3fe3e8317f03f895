package rocks.urvote.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.ConversionNotSupportedException;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.resource.ResourceHttpRequestHandler;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/// Gives every failure a clear answer, and keeps the inside inside.
@ControllerAdvice
final class ErrorHandling {

    private static final Logger log = LoggerFactory.getLogger(ErrorHandling.class);

    private final Problems problems;

    ErrorHandling(Problems problems) {
        this.problems = problems;
    }

    @ExceptionHandler
    void problem(Problem.Raised raised, HttpServletRequest request, HttpServletResponse response) throws IOException {
        answer(raised.problem(), request, response);
    }

    @ExceptionHandler
    void gone(AsyncRequestNotUsableException reader) {
        log.debug("The reader went away", reader);
    }

    @ExceptionHandler
    void anything(Exception failure, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (response.isCommitted()) {
            log.debug("Failed while answering {}", request.getRequestURI(), failure);
            return;
        }
        if (failure instanceof ErrorResponse known) {
            known.getHeaders().forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
        }
        answer(problemOf(failure, request), request, response);
    }

    private void answer(Problem problem, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (problem.status() == HttpStatus.UNAUTHORIZED
                && Problems.asPage(request)
                && request.getMethod().equals("GET")) {
            var query = request.getQueryString() == null ? "" : "?" + request.getQueryString();
            response.setStatus(HttpStatus.SEE_OTHER.value());
            response.setHeader(
                    HttpHeaders.LOCATION,
                    "/sign-in?next=" + URLEncoder.encode(request.getRequestURI() + query, StandardCharsets.UTF_8));
            return;
        }
        problems.write(request, response, problem);
    }

    private static Problem problemOf(Exception failure, HttpServletRequest request) {
        return switch (failure) {
            case HttpMessageNotReadableException unread -> unreadable(unread);
            case MethodArgumentTypeMismatchException mismatch -> mismatch(mismatch);
            case MissingServletRequestParameterException missing ->
                Problem.invalid(missing.getParameterName(), "is required");
            case MaxUploadSizeExceededException _ ->
                Problem.of(HttpStatus.CONTENT_TOO_LARGE, "file_too_large", "The file is too large.");
            case MultipartException _ ->
                Problem.malformed("The form could not be read: it is not a whole multipart body.");
            // A rollback that fails on the lost connection hides what failed before it.
            case CannotCreateTransactionException _,
                    TransactionSystemException _,
                    CannotGetJdbcConnectionException _,
                    QueryTimeoutException _,
                    TransientDataAccessException _ -> {
                log.warn("The database did not answer: {}", failure.toString());
                yield Problem.busy(Duration.ofSeconds(2));
            }
            case InvalidParameterException unread -> {
                var status = HttpStatus.resolve(unread.getErrorCode());
                yield of(status == null ? HttpStatus.BAD_REQUEST : status);
            }
            // The files that pages use are looked for at every address that is not ours, and only ever read.
            case HttpRequestMethodNotSupportedException _
            when request.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE)
                    instanceof ResourceHttpRequestHandler -> Problem.notFound();
            case ErrorResponse known
            when known.getStatusCode().is4xxClientError() ->
                of(HttpStatus.valueOf(known.getStatusCode().value()));
            case ConversionNotSupportedException _, HttpMessageNotWritableException _ -> unexpected(failure, request);
            case TypeMismatchException _ -> Problem.malformed("A value is not of the kind that belongs there.");
            default -> connectionLost(failure) ? Problem.busy(Duration.ofSeconds(2)) : unexpected(failure, request);
        };
    }

    private static boolean connectionLost(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                var state = sql.getSQLState();
                return state.startsWith("08") || state.startsWith("57P") || state.startsWith("53");
            }
        }
        return false;
    }

    private static Problem unexpected(Exception failure, HttpServletRequest request) {
        log.error("{} {} failed", request.getMethod(), request.getRequestURI(), failure);
        return internal();
    }

    private static Problem internal() {
        return Problem.of(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "internal",
                "Something went wrong on our side. It has been written down.");
    }

    private static Problem mismatch(MethodArgumentTypeMismatchException mismatch) {
        MethodParameter parameter = mismatch.getParameter();
        if (AnnotationUtils.findAnnotation(parameter.getParameter(), PathVariable.class) != null) {
            return Problem.notFound();
        }
        return Problem.invalid(mismatch.getName(), "is not of the kind that belongs there");
    }

    /// What there is to say of a request that was refused before any of our own rules.
    static Problem of(HttpStatus status) {
        return switch (status) {
            case NOT_FOUND -> Problem.notFound();
            case INTERNAL_SERVER_ERROR -> internal();
            case NOT_IMPLEMENTED, HTTP_VERSION_NOT_SUPPORTED ->
                Problem.of(status, "not_implemented", "UrVote does not speak like that.");
            case SERVICE_UNAVAILABLE -> Problem.busy(Duration.ofSeconds(2));
            case METHOD_NOT_ALLOWED ->
                Problem.of(status, "method_not_allowed", "That cannot be done with this address.");
            case CONTENT_TOO_LARGE -> Gatekeeper.tooLarge();
            case REQUEST_TIMEOUT -> Gatekeeper.tooSlow();
            case URI_TOO_LONG ->
                Problem.of(
                        status,
                        "address_too_long",
                        "The address must fit, with everything else of the head, in 16 KB.");
            case REQUEST_HEADER_FIELDS_TOO_LARGE ->
                Problem.of(status, "headers_too_large", "The head must have at most 16 KB and 100 lines.");
            case UNSUPPORTED_MEDIA_TYPE ->
                Problem.of(status, "unsupported_media_type", "The body is not of a media type that is taken here.");
            case NOT_ACCEPTABLE -> Problem.of(status, "not_acceptable", "There is no such form of this answer.");
            default -> Problem.of(status, "malformed", "The request could not be understood.");
        };
    }

    private static Problem unreadable(HttpMessageNotReadableException unread) {
        return unread.getCause() instanceof JacksonException cause
                ? unreadable(cause)
                : Problem.malformed("The body is missing, or could not be read.");
    }

    static Problem unreadable(JacksonException cause) {
        var field = field(cause);
        return switch (cause) {
            case UnrecognizedPropertyException _ ->
                Problem.invalid(field == null ? "body" : field, "is not known here");
            case DatabindException _ ->
                field == null
                        ? Problem.malformed("The body must be a JSON object.")
                        : Problem.invalid(field, "is not of the kind that belongs there");
            default -> Problem.malformed("The body is not well-formed JSON.");
        };
    }

    private static @Nullable String field(JacksonException cause) {
        var path = new StringBuilder();
        for (var step : cause.getPath()) {
            if (step.getPropertyName() != null) {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            } else if (step.getIndex() >= 0) {
                path.append('[').append(step.getIndex()).append(']');
            }
        }
        return path.isEmpty() ? null : path.toString();
    }
}
