package rocks.urvote.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import rocks.urvote.identity.Accounts;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.kernel.UserId;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Speaks to a running UrVote over HTTP, as one person or as nobody.
public final class Api {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String PASSWORD = "correct horse battery staple";

    private final HttpClient http;
    private final URI address;
    private final String token;
    private final UserId user;
    private final String username;
    private final String proxiedFor;

    private Api(HttpClient http, URI address, String token, UserId user, String username) {
        this(http, address, token, user, username, "");
    }

    private Api(HttpClient http, URI address, String token, UserId user, String username, String proxiedFor) {
        this.http = http;
        this.address = address;
        this.token = token;
        this.user = user;
        this.username = username;
        this.proxiedFor = proxiedFor;
    }

    /// What came back; of a stream that does not end, only that it began.
    @SuppressWarnings("ArrayRecordComponent")
    public record Answer(int status, HttpHeaders headers, byte[] body) {

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        public JsonNode json() {
            return JSON.readTree(body);
        }

        /// The stable word of a problem.
        public String code() {
            return json().path("code").asString("");
        }

        /// The fields that were wrong.
        public List<String> fields() {
            var fields = new ArrayList<String>();
            json().path("errors")
                    .forEach(error -> fields.add(error.path("field").asString()));
            return fields;
        }

        public String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        /// All headers that another answer to the same request has, too: not its name and its second.
        public Map<String, List<String>> lastingHeaders() {
            var lasting = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
            lasting.putAll(headers.map());
            lasting.remove("X-Request-Id");
            lasting.remove("Date");
            return lasting;
        }
    }

    public static Api visitor(RunningUrVote urvote) {
        return new Api(HttpClient.newHttpClient(), urvote.address(), "", new UserId(0), "");
    }

    /// Somebody with an account and a verified address, signed in.
    public static Api signedIn(RunningUrVote urvote, String username) {
        return signedIn(urvote, username, false);
    }

    /// Somebody who signed up, and whose address nobody has proven yet.
    public static Api unverified(RunningUrVote urvote, String username) {
        succeed(visitor(urvote)
                .post(
                        "/api/v1/users",
                        JSON.writeValueAsString(
                                Map.of("email", email(username), "username", username, "password", PASSWORD))));
        return signIn(urvote, username);
    }

    public static Api admin(RunningUrVote urvote, String username) {
        return signedIn(urvote, username, true);
    }

    private static Api signedIn(RunningUrVote urvote, String username, boolean admin) {
        urvote.bean(Accounts.class).ensure(new EmailAddress(email(username)), username, PASSWORD, admin);
        return signIn(urvote, username);
    }

    /// The same person with a new session.
    public static Api signIn(RunningUrVote urvote, Api person) {
        return signIn(urvote, person.username);
    }

    /// The same person at the management port.
    public Api atManagement(RunningUrVote node) {
        return new Api(http, node.management(), token, user, username);
    }

    /// The same person, with the same token, at another node.
    public Api at(RunningUrVote node) {
        return new Api(http, node.address(), token, user, username);
    }

    /// The same, as if a proxy on this machine passed on what comes from there.
    public Api from(String clientAddress) {
        return new Api(http, address, token, user, username, clientAddress);
    }

    /// Somebody who asks for a code, reads the newest mail in the inbox and shows it: an account of their own, if they
    /// had none.
    public Api byCode(Inbox inbox, String email) {
        var before = inbox.to(email).size();
        succeed(post("/api/v1/sign-in-codes", JSON.writeValueAsString(Map.of("email", email))));
        var code = inbox.code(email, before + 1);
        var session = succeed(post("/api/v1/sessions", JSON.writeValueAsString(Map.of("email", email, "code", code))))
                .json();
        return new Api(
                http,
                address,
                session.path("access_token").asString(),
                new UserId(session.path("user").path("id").asLong()),
                session.path("user").path("username").asString(),
                proxiedFor);
    }

    private static Answer succeed(Answer answer) {
        if (answer.status() >= 300) {
            throw new IllegalStateException("%d %s".formatted(answer.status(), answer.text()));
        }
        return answer;
    }

    private static Api signIn(RunningUrVote urvote, String username) {
        var email = email(username);
        var answer = visitor(urvote).post("/api/v1/sessions", """
            {"email": "%s", "password": "%s"}
            """.formatted(email, PASSWORD));
        if (answer.status() != 201) {
            throw new IllegalStateException(
                    "%s could not sign in: %d %s".formatted(username, answer.status(), answer.text()));
        }
        var token = answer.json().path("access_token").asString();
        var user = new UserId(answer.json().path("user").path("id").asLong());
        return new Api(HttpClient.newHttpClient(), urvote.address(), token, user, username);
    }

    public static String email(String username) {
        return username + "@example.org";
    }

    public long user() {
        return user.value();
    }

    /// The access token of the session; a visitor has none.
    public String token() {
        return token;
    }

    public Answer get(String path, String... headers) {
        return send(request(path, headers).GET());
    }

    public Answer post(String path, String json) {
        return json("POST", path, json);
    }

    /// With headers of its own; an empty body is none.
    public Answer postWith(String path, String body, String... headers) {
        return send(
                request(path, headers).POST(body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    }

    /// Without a body.
    public Answer post(String path) {
        return send(request(path).POST(BodyPublishers.noBody()));
    }

    public Answer head(String path) {
        return send(request(path).HEAD());
    }

    public Answer put(String path, String json) {
        return json("PUT", path, json);
    }

    public Answer patch(String path, String json) {
        return json("PATCH", path, json);
    }

    public Answer delete(String path) {
        return send(request(path).DELETE());
    }

    /// A page as a browser asks for it; redirects are not followed.
    public Answer page(String path) {
        return get(path, "Accept", "text/html");
    }

    /// A form as a browser sends it.
    public Answer form(String path, Map<String, String> fields) {
        var body = fields.entrySet().stream()
                .map(field ->
                        "%s=%s".formatted(field.getKey(), URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8)))
                .collect(Collectors.joining("&"));
        return send(request(path, "Accept", "text/html", "Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body)));
    }

    /// A form with a file, as a program sends it.
    public Answer upload(String method, String path, Map<String, String> fields, String fileName, byte[] content) {
        var form = new Multipart();
        fields.forEach(form::field);
        return send(method, path, form.file("file", fileName, content));
    }

    public Answer send(String method, String path, Multipart form) {
        return send(method, path, form.bytes(), "Content-Type", form.contentType());
    }

    /// Any bytes with any headers.
    public Answer send(String method, String path, byte[] body, String... headers) {
        return send(request(path, headers).method(method, BodyPublishers.ofByteArray(body)));
    }

    private Answer json(String method, String path, String json) {
        return send(request(path, "Content-Type", "application/json").method(method, BodyPublishers.ofString(json)));
    }

    private HttpRequest.Builder request(String path, String... headers) {
        var request = HttpRequest.newBuilder(address.resolve(path));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (!proxiedFor.isEmpty()) {
            request.header("X-Forwarded-For", proxiedFor);
        }
        return headers.length == 0 ? request : request.headers(headers);
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            var response = http.send(request.build(), BodyHandlers.ofInputStream());
            try (var body = response.body()) {
                var endless = response.headers()
                        .firstValue("Content-Type")
                        .filter(type -> type.startsWith("text/event-stream"))
                        .isPresent();
                return new Answer(
                        response.statusCode(), response.headers(), endless ? new byte[0] : body.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for an answer", e);
        }
    }
}
