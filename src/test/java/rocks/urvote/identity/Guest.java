package rocks.urvote.identity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Somebody at a browser or a program, with a cookie jar of their own.
final class Guest {

    static final JsonMapper JSON = new JsonMapper();

    private final URI address;
    private final CookieManager jar = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
    private final HttpClient http = HttpClient.newBuilder().cookieHandler(jar).build();
    private @Nullable String bearer;

    Guest(URI address) {
        this.address = address;
    }

    /// A program without cookies that shows this token.
    static HttpResponse<String> withBearer(URI address, String method, String path, String token) {
        return new Guest(address).bearing(token).call(method, path, null);
    }

    Guest bearing(String token) {
        bearer = token;
        return this;
    }

    HttpResponse<String> get(String path) {
        return call("GET", path, null);
    }

    HttpResponse<String> post(String path, Map<String, ?> body) {
        return call("POST", path, JSON.writeValueAsString(body));
    }

    HttpResponse<String> postText(String path, String body) {
        return call("POST", path, body);
    }

    HttpResponse<String> put(String path, Map<String, ?> body) {
        return call("PUT", path, JSON.writeValueAsString(body));
    }

    HttpResponse<String> patch(String path, String body) {
        return call("PATCH", path, body);
    }

    HttpResponse<String> delete(String path) {
        return call("DELETE", path, null);
    }

    /// Sends a form as a browser does.
    HttpResponse<String> submit(String path, Map<String, String> fields) {
        var form = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "text/html")
                .POST(BodyPublishers.ofString(form)));
    }

    HttpResponse<String> page(String path) {
        return send(request(path).header("Accept", "text/html").GET());
    }

    HttpResponse<String> call(String method, String path, @Nullable String body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    }

    /// With cookies other than those of the jar.
    HttpResponse<String> call(String method, String path, @Nullable String body, String cookies) {
        return send(request(path)
                .header("Cookie", cookies)
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    }

    String cookie(String name) {
        return jar.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals(name))
                .map(java.net.HttpCookie::getValue)
                .findFirst()
                .orElse("");
    }

    static JsonNode json(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }

    static String code(HttpResponse<String> problem) {
        return json(problem).get("code").stringValue();
    }

    private HttpRequest.Builder request(String path) {
        var request = HttpRequest.newBuilder(address.resolve(path)).header("Sec-Fetch-Site", "same-origin");
        if (bearer != null) {
            request.header("Authorization", "Bearer " + bearer);
        }
        return request;
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
